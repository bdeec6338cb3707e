using NetLoop.CompilerServices;

namespace NetLoop;

/// <summary>Reads with the formatters that generated code uses.</summary>
public static class NetReaderExtensions
{
    /// <summary>Reads an array of contracts into a list and replaces its contents.</summary>
    /// <param name="reader">Positioned at the array.</param>
    /// <param name="destination">Grows as elements arrive, up to <see cref="DecodeLimits.MaxItems"/>. Empty after a failure.</param>
    /// <returns>False if the bytes do not fit; <see cref="NetReader.Status"/> has the reason.</returns>
    public static bool TryReadArray<T>(this ref NetReader reader, List<T> destination)
        where T : INetContract<T>
    {
        ArgumentNullException.ThrowIfNull(destination);
        destination.Clear();
        return NetFormatters.List<T, NetFormatters.Contract<T>>.TryReadInto(ref reader, destination, out _);
    }
}
