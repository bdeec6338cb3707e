using NetLoop.Mutations.Places;

namespace NetLoop.Mutations.Operators;

/// <summary>A kind of mistake. What it makes leaves as many values on the stack as there were.</summary>
internal interface IMutator
{
    /// <summary>All changes of this kind that a method has room for, in the order of its instructions. Nothing is changed yet.</summary>
    IEnumerable<Change> Find(MethodCode code);
}
