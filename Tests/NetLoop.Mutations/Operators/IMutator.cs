using NetLoop.Mutations.Places;

namespace NetLoop.Mutations.Operators;

/// <summary>A kind of mistake. A change leaves as many values on the stack as there were before.</summary>
internal interface IMutator
{
    /// <summary>All possible changes of this kind in a method, in the order of its instructions. Nothing is changed yet.</summary>
    IEnumerable<Change> Find(MethodCode code);
}
