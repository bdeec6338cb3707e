namespace NetLoop.Concurrency;

/// <summary>Replaces <see cref="Lock"/>, which Coyote 1.7 does not support, with a monitor, which it does.</summary>
public sealed class ControlledLock
{
    private readonly object _monitor = new();

    public Scope EnterScope()
    {
        Monitor.Enter(_monitor);
        return new Scope(_monitor);
    }

    /// <summary>For a planted bug: does not lock.</summary>
    public static Scope EnterNothing(ControlledLock _) => default;

    public readonly ref struct Scope(object? monitor)
    {
        public void Dispose()
        {
            if (monitor is not null)
            {
                Monitor.Exit(monitor);
            }
        }
    }
}
