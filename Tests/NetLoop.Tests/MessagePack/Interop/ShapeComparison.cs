using NUnit.Framework;

namespace NetLoop.Tests.MessagePack.Interop;

/// <summary>The result of this library and of another for a few values of each shape.</summary>
/// <remarks>Values are compared by their bytes: collections have no equality of their own.</remarks>
internal abstract class ShapeComparison : IShapeVisitor
{
    private const int ValuesEach = 4;

    private static readonly DecodeLimits Limits = new() { MaxStringBytes = 1 << 20, MaxBinaryBytes = 1 << 20, MinDecodedBytes = 1 << 26 };

    private readonly Random _random = new(16);
    private readonly List<string> _differences = [];
    private int _shapes;

    public void Visit<T>(Func<Random, int, T> make)
        where T : INetContract<T>
    {
        _shapes++;
        for (int i = 0; i < ValuesEach; i++)
        {
            T value = make(_random, 0);
            try
            {
                Compare(value);
            }
            catch (Exception exception)
            {
                _differences.Add($"{typeof(T)}: {exception.GetBaseException().Message}");
                return;
            }
        }
    }

    public void AssertNoDifference(int shapes)
    {
        Assert.That(_shapes, Is.EqualTo(shapes));
        Assert.That(_differences, Is.Empty);
    }

    /// <summary>Writes with the other library.</summary>
    protected abstract byte[] Write<T>(T value);

    /// <summary>Reads with the other library.</summary>
    protected abstract T Read<T>(byte[] bytes);

    private void Compare<T>(T value)
        where T : INetContract<T>
    {
        string theirs = Convert.ToHexString(Write(value));
        string ours = Convert.ToHexString(NetMessagePack.Serialize(value));
        if (ours != theirs)
        {
            _differences.Add($"{typeof(T)} is written {ours} here and {theirs} there");
            return;
        }

        byte[] bytes = Convert.FromHexString(ours);
        if (!NetMessagePack.TryDeserialize(bytes, Limits, out T? read, out DecodeStatus status))
        {
            _differences.Add($"{typeof(T)} is not read here, {status}: {ours}");
        }
        else if (Convert.ToHexString(NetMessagePack.Serialize(read)) != ours)
        {
            _differences.Add($"{typeof(T)} is read as another value here: {ours}");
        }
        else if (Convert.ToHexString(Write(Read<T>(bytes))) != ours)
        {
            _differences.Add($"{typeof(T)} is read as another value there: {ours}");
        }
    }
}
