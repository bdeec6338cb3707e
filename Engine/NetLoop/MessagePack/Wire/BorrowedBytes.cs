using NetLoop.Buffers;

namespace NetLoop;

/// <summary>Binary data of a message that reaches a handler without being copied, and is valid until the handler returns.</summary>
/// <remarks>
/// In a synchronous handler on the loop, the value points into the receive buffer and is valid until the handler returns; use <see cref="ToArray"/> to keep
/// the bytes longer. Later access throws. Everywhere else (asynchronous and offloaded handlers, <see cref="HandlerMode.Dedicated"/>, messages that arrived in
/// pieces, <see cref="NetMessagePack"/>), the value is a copy, as with <see cref="ReadOnlyMemory{T}"/>.
/// Thread: the handler's, while bytes are borrowed.
/// </remarks>
public readonly struct BorrowedBytes : IEquatable<BorrowedBytes>
{
    private readonly ReadOnlyMemory<byte> _bytes;
    private readonly ReceiveScratch? _lender;
    private readonly uint _loan;

    /// <summary>Creates a value to send. The bytes remain the caller's.</summary>
    /// <param name="bytes">Not copied; read when the message is sent.</param>
    public BorrowedBytes(ReadOnlyMemory<byte> bytes) => _bytes = bytes;

    internal BorrowedBytes(ReadOnlyMemory<byte> bytes, ReceiveScratch lender)
    {
        _bytes = bytes;
        _lender = lender;
        _loan = lender.Loan;
    }

    /// <summary>Number of bytes.</summary>
    public int Length => _bytes.Length;

    /// <summary>Whether there are no bytes.</summary>
    public bool IsEmpty => _bytes.IsEmpty;

    /// <summary>The bytes.</summary>
    /// <exception cref="InvalidOperationException">They were borrowed, and the handler that received them has returned.</exception>
    public ReadOnlySpan<byte> Span
    {
        get
        {
            if (_lender is not null && _lender.Loan != _loan)
            {
                ThrowTooLate();
            }

            return _bytes.Span;
        }
    }

    /// <summary>Whether two values have the same bytes.</summary>
    public static bool operator ==(BorrowedBytes left, BorrowedBytes right) => left.Equals(right);

    /// <summary>Whether two values differ in their bytes.</summary>
    public static bool operator !=(BorrowedBytes left, BorrowedBytes right) => !left.Equals(right);

    /// <summary>Converts an array without copying it.</summary>
    public static implicit operator BorrowedBytes(byte[]? bytes) => new(bytes);

    /// <summary>Converts memory without copying it.</summary>
    public static implicit operator BorrowedBytes(ReadOnlyMemory<byte> bytes) => new(bytes);

    /// <summary>Copies the bytes, so that they can be kept.</summary>
    /// <exception cref="InvalidOperationException">They were borrowed, and the handler that received them has returned.</exception>
    public byte[] ToArray() => Span.ToArray();

    /// <inheritdoc/>
    public bool Equals(BorrowedBytes other) => Span.SequenceEqual(other.Span);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is BorrowedBytes other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = default(HashCode);
        hash.AddBytes(Span);
        return hash.ToHashCode();
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Length} bytes";

    private static void ThrowTooLate() => throw new InvalidOperationException(
        "These bytes were borrowed until the handler that received them returned. Copy what is needed longer with ToArray(), or declare the member "
            + "as byte[] or ReadOnlyMemory<byte>.");
}
