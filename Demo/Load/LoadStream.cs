using System.Buffers.Binary;
using NetLoop.Demo.Echo;

namespace NetLoop.Demo.Load;

/// <summary>The endless stream of frames that a connection sends: always the same message, except for a number in it.</summary>
/// <remarks>Any part of the stream can be written or checked from its position alone, so nothing that was sent has to be stored.</remarks>
internal sealed class LoadStream
{
    /// <summary>Smallest Blob that has room for the number.</summary>
    public const int MinBlobBytes = 8;

    /// <summary>Less than the largest frame that servers accept by default.</summary>
    public const int MaxBlobBytes = 60_000;

    private const int HeaderBytes = 4;

    private readonly byte[] _frame;
    private readonly int _numberAt;

    private LoadStream(byte[] frame, int numberAt)
    {
        _frame = frame;
        _numberAt = numberAt;
    }

    /// <summary>Size of one message with its frame.</summary>
    public int FrameBytes => _frame.Length;

    /// <summary>A stream of <see cref="PlayerMove"/>s.</summary>
    public static LoadStream Moves()
    {
        // The highest byte makes the sequence number five bytes long whatever its other bytes are, so that all frames have the same size.
        const uint highestByte = 0x7F000000;
        byte[] frame = Frame(new PlayerMove(highestByte, 123.456f, 10, -50, 1.570796f, 133));
        return new LoadStream(frame, frame.AsSpan().IndexOf((ReadOnlySpan<byte>)[0xCE, 0x7F]) + 2);
    }

    /// <summary>A stream of <see cref="Blob"/>s.</summary>
    public static LoadStream Blobs(int bytes)
    {
        var filling = new byte[bytes];
        filling.AsSpan().Fill(0x11);
        byte[] frame = Frame(new Blob(filling));
        return new LoadStream(frame, frame.Length - bytes);
    }

    /// <summary>Writes the stream from a position.</summary>
    public void Write(long position, Span<byte> destination)
    {
        (long number, long offset) = Math.DivRem(position, _frame.Length);
        if (offset > 0)
        {
            ReadOnlySpan<byte> rest = FrameOf(number++)[(int)offset..];
            int length = Math.Min(rest.Length, destination.Length);
            rest[..length].CopyTo(destination);
            destination = destination[length..];
        }

        // The number is written into the copy: single-byte stores into the original would stall the wide loads of the next copy.
        while (destination.Length >= _frame.Length)
        {
            _frame.CopyTo(destination);
            WriteNumber(destination, number++);
            destination = destination[_frame.Length..];
        }

        FrameOf(number)[..destination.Length].CopyTo(destination);
    }

    /// <summary>Whether bytes equal the stream from a position.</summary>
    public bool Matches(long position, ReadOnlySpan<byte> bytes)
    {
        (long number, long offset) = Math.DivRem(position, _frame.Length);
        while (!bytes.IsEmpty)
        {
            ReadOnlySpan<byte> rest = FrameOf(number++)[(int)offset..];
            int length = Math.Min(rest.Length, bytes.Length);
            if (!rest[..length].SequenceEqual(bytes[..length]))
            {
                return false;
            }

            bytes = bytes[length..];
            offset = 0;
        }

        return true;
    }

    private ReadOnlySpan<byte> FrameOf(long number)
    {
        WriteNumber(_frame, number);
        return _frame;
    }

    private void WriteNumber(Span<byte> frame, long number)
    {
        frame[_numberAt] = (byte)(number >> 16);
        frame[_numberAt + 1] = (byte)(number >> 8);
        frame[_numberAt + 2] = (byte)number;
    }

    // The length, followed by [2, type, message].
    private static byte[] Frame<T>(in T message)
        where T : INetMessage<T>
    {
        var buffer = new byte[HeaderBytes + MaxBlobBytes + 64];
        NetWriter writer = new(buffer.AsSpan(HeaderBytes));
        writer.WriteArrayHeader(3);
        writer.Write(2);
        writer.Write(T.MessageType);
        T.Write(ref writer, in message);
        BinaryPrimitives.WriteInt32BigEndian(buffer, writer.BytesWritten);
        return buffer[..(HeaderBytes + writer.BytesWritten)];
    }
}
