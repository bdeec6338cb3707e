using System.Buffers.Binary;
using NetLoop.Tests.Sessions;

namespace NetLoop.Tests.Simulation.Parity.Engine;

/// <summary>A client without an engine: one socket, and what it received.</summary>
internal sealed class RawPeer
{
    private const int LengthBytes = 4;

    private readonly EngineArm _arm;
    private readonly SocketHandle _socket;
    private readonly List<byte> _received = [];
    private readonly byte[] _buffer = new byte[16 * 1024];
    private SocketStatus? _end;
    private bool _isClosed;

    public RawPeer(EngineArm arm)
    {
        _arm = arm;
        SocketStatus status = arm.PeerStack.Connect(arm.Server.Endpoints[0], out _socket);
        arm.Wait(() => status != SocketStatus.InProgress || (status = Stack.FinishConnect(_socket)) != SocketStatus.InProgress, "not connected");
        arm.Wait(() => arm.Server.GetStatistics().Accepts == 1, "not accepted");
    }

    private INetworkStack Stack => _arm.PeerStack;

    /// <summary>Sends Hello and waits for the response.</summary>
    public RawPeer Open()
    {
        Send(Wire.HelloFrame());
        _arm.Wait(() => Receive() && _received.Count > LengthBytes, "no answer to Hello");
        return this;
    }

    /// <summary>Sends all of it, or as much as is accepted before the connection ends.</summary>
    public RawPeer Send(params byte[] bytes)
    {
        byte[] pinned = GC.AllocateUninitializedArray<byte>(bytes.Length, pinned: true);
        bytes.CopyTo(pinned, 0);
        int sent = 0;
        _arm.Wait(() => sent == pinned.Length || !TrySend(pinned, ref sent), "not taken");
        return this;
    }

    /// <summary>Sends until the server accepts no more, or has closed.</summary>
    public void SendUntilRefused(byte[] bytes)
    {
        byte[] pinned = GC.AllocateUninitializedArray<byte>(bytes.Length, pinned: true);
        bytes.CopyTo(pinned, 0);
        _arm.Wait(
            () =>
            {
                int sent = 0;
                return !TrySend(pinned, ref sent) || _arm.Server.GetStatistics().Connections == 0;
            },
            "never refused");
    }

    /// <summary>Ends its own direction of the stream.</summary>
    public RawPeer End()
    {
        Stack.ShutdownSend(_socket);
        return this;
    }

    public void Close() => Close(reset: false);

    public void Reset() => Close(reset: true);

    /// <summary>Reads until the stream ends or fails.</summary>
    public void ReadToEnd() => _arm.Wait(() => Receive() && _end is not null, "the stream does not end");

    /// <summary>The bodies that it received, and how the stream ended.</summary>
    public string Story()
    {
        if (!_isClosed)
        {
            Close();
        }

        List<string> bodies = [];
        byte[] bytes = [.. _received];
        for (int at = 0; at + LengthBytes <= bytes.Length;)
        {
            int length = (int)BinaryPrimitives.ReadUInt32BigEndian(bytes.AsSpan(at));
            bodies.Add(Describe(Wire.Read(bytes[(at + LengthBytes)..(at + LengthBytes + length)])));
            at += LengthBytes + length;
        }

        return $"heard: {string.Join(", ", bodies)}; stream: {(_end is { } end ? end.ToString() : "open")}";
    }

    private static string Describe(object?[] body) => body switch
    {
        [(long)Wire.Message, (long)Wire.Goodbye, object?[] goodbye] => $"Goodbye {(CloseReason)(long)goodbye[0]!} {goodbye[1]}",
        [(long)Wire.Response, long id, null, ..] => $"answer {id}",
        [(long)Wire.Response, long id, object?[] error, ..] => $"error {id} {error[0]} {error[1]}",
        _ => $"shape {body[0]}",
    };

    private bool TrySend(byte[] pinned, ref int sent)
    {
        SocketResult result = Stack.Send(_socket, [new SendSegment(pinned.AsSpan(sent))]);
        sent += result.Status == SocketStatus.Ok ? result.Count : 0;
        return result.Status is SocketStatus.Ok or SocketStatus.WouldBlock;
    }

    /// <returns>Always; it is polled repeatedly.</returns>
    private bool Receive()
    {
        while (_end is null)
        {
            SocketResult result = Stack.Receive(_socket, _buffer);
            if (result is { Status: SocketStatus.Ok, Count: > 0 })
            {
                _received.AddRange(_buffer.AsSpan(0, result.Count));
            }
            else if (result.Status == SocketStatus.WouldBlock)
            {
                break;
            }
            else
            {
                _end = result.Status;
            }
        }

        return true;
    }

    private void Close(bool reset)
    {
        Stack.Close(_socket, reset);
        _isClosed = true;
    }
}
