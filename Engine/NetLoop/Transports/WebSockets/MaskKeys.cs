using System.Runtime.InteropServices;
using NetLoop.Framing.WebSockets;

namespace NetLoop.Transports.WebSockets;

/// <summary>Unpredictable keys for a client's frames, fetched several at a time: a system call for four bytes costs more than masking a message.</summary>
/// <remarks>Thread: loop. Source: RFC 6455, section 5.3: code that chooses a payload must not know the key, or it could choose the bytes on the wire.</remarks>
internal sealed class MaskKeys(IEntropySource entropy)
{
    private readonly byte[] _bytes = new byte[64 * WebSocketMask.KeyBytes];
    private int _used = 64 * WebSocketMask.KeyBytes;

    public uint Next()
    {
        if (_used == _bytes.Length)
        {
            entropy.Fill(_bytes);
            _used = 0;
        }

        uint key = MemoryMarshal.Read<uint>(_bytes.AsSpan(_used));
        _used += WebSocketMask.KeyBytes;
        return key;
    }
}
