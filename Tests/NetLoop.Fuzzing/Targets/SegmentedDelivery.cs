using System.Buffers.Binary;
using NetLoop.Buffers;
using NetLoop.Fuzzing.Mutation;
using NetLoop.Fuzzing.Running;

namespace NetLoop.Fuzzing.Targets;

/// <summary>Delivers a body in pieces, as a network does: the engine joins them in one block of memory before it reads them.</summary>
internal sealed class SegmentedDelivery : IDisposable
{
    private const int HeaderBytes = 4;

    private readonly BufferPool _pool = new(new BufferPoolOptions());
    private readonly LengthPrefixFramer _framer = new(InputBuffer.MaxBytes);
    private readonly byte[] _wire = new byte[HeaderBytes + InputBuffer.MaxBytes];
    private readonly FuzzRandom _random = new(0);
    private ReceiveBuffer _received;

    /// <summary>Delivers a body; <see cref="Dispose"/> ends it.</summary>
    /// <param name="body">At least one byte.</param>
    /// <returns>The same bytes in other memory.</returns>
    public ReadOnlySpan<byte> Deliver(ReadOnlySpan<byte> body)
    {
        BinaryPrimitives.WriteInt32BigEndian(_wire, body.Length);
        body.CopyTo(_wire.AsSpan(HeaderBytes));
        ReadOnlySpan<byte> left = _wire.AsSpan(0, HeaderBytes + body.Length);
        _random.Reseed(InputHash.Of(body));
        while (true)
        {
            FuzzProbe.Require(_received.TryMakeRoom(_pool, _wire.Length, out Span<byte> room), "there is no room for a frame within the limit");
            int piece = 1 + _random.Below(Math.Min(Math.Min(left.Length, room.Length), _random.OneIn(2) ? 7 : int.MaxValue));
            left[..piece].CopyTo(room);
            left = left[piece..];
            _received.Received(piece);
            FrameStatus status = _framer.TryRead(_received.Unread, out FrameBounds frame);
            FuzzProbe.Require(
                status == (left.IsEmpty ? FrameStatus.Complete : FrameStatus.Incomplete), $"the frame is {status} with {left.Length} bytes to come");
            if (left.IsEmpty)
            {
                return _received.Unread.Slice(frame.BodyOffset, frame.BodyBytes);
            }
        }
    }

    /// <summary>Returns the memory; another delivery may follow.</summary>
    public void Dispose() => _received.Release();
}
