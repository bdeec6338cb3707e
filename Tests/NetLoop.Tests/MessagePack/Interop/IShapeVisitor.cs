namespace NetLoop.Tests.MessagePack.Interop;

/// <summary>Called for each random shape, once it is compiled.</summary>
public interface IShapeVisitor
{
    /// <summary>Looks at one shape.</summary>
    /// <param name="make">A random value of it.</param>
    void Visit<T>(Func<Random, int, T> make)
        where T : INetContract<T>;
}
