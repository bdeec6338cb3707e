using System.Runtime.CompilerServices;

namespace NetLoop.Transports.Datagrams.Netcode;

/// <summary>A key of 32 bytes, part of the object that uses it.</summary>
[InlineArray(Sodium.KeyBytes)]
internal struct CipherKey
{
    private byte _first;

    public CipherKey(ReadOnlySpan<byte> key) => key[..Sodium.KeyBytes].CopyTo(this);
}
