namespace NetLoop.Tests.MessagePack.Interop;

/// <summary>Called for each random shape after it is compiled.</summary>
public interface IShapeVisitor
{
    /// <summary>Looks at one shape.</summary>
    /// <param name="make">Creates a random value.</param>
    void Visit<T>(Func<Random, int, T> make)
        where T : INetContract<T>;
}
