using System.Buffers.Binary;
using NetLoop.Stack;

namespace NetLoop.Worlds;

/// <summary>
/// A client without an engine that sends requests, ends its stream at once, and keeps reading: every request must get a response, and the end must have a
/// true reason.
/// </summary>
internal sealed class LastAsker : ISimulatedEvent
{
    private const long StepTime = 1_000_000;
    private const int Requests = 24;
    private const int FirstId = 16;

    private readonly World _world;
    private readonly SimulatedHost _host;
    private readonly LastAskerEnd _end;
    private readonly SocketHandle _socket;
    private readonly byte[] _script;
    private readonly byte[] _scratch = new byte[4096];
    private readonly List<byte> _received = [];
    private readonly HashSet<int> _answered = [];
    private int _sent;
    private long? _goodbye;
    private bool _isConnected;

    public LastAsker(World world, SimulatedHost host, LastAskerEnd end)
    {
        _world = world;
        _host = host;
        _end = end;
        _script = [.. AttackFrames.Hello, .. Enumerable.Range(0, Requests).SelectMany(Ask), .. Bytes(end)];
        SocketStatus status = host.Stack.Connect(world.Server.Endpoint, out _socket);
        IsOver = status is not (SocketStatus.Ok or SocketStatus.InProgress);
        world.Require(!IsOver, "I32", $"nobody listens for the requests before {end}: {status}");
        world.Network.Events.Schedule(world.Network.Events.Now, this, 0);
    }

    /// <summary>Whether the server has closed.</summary>
    public bool IsOver { get; private set; }

    void ISimulatedEvent.OnEvent(int kind, long argument)
    {
        if (IsOver)
        {
            return;
        }

        _isConnected |= _host.Stack.FinishConnect(_socket) == SocketStatus.Ok;
        if (_isConnected)
        {
            Send();
            Read();
        }

        _host.TakeBusy();
        _world.Network.Events.Schedule(_world.Network.Events.Now + StepTime, this, 0);
    }

    /// <summary>Closes its socket, whatever has happened.</summary>
    public void Close()
    {
        if (!IsOver)
        {
            IsOver = true;
            _host.Stack.Close(_socket, reset: true);
        }
    }

    /// <summary>Requests of three kinds: answered at once, by a worker, or after a while.</summary>
    private static byte[] Ask(int index)
    {
        byte id = (byte)(FirstId + index);
        return (index % 3) switch
        {
            0 => AttackFrames.Frame([0x94, 0x00, id, 0x44, 0x92, 0x01, 0x00]),
            1 => AttackFrames.Frame([0x94, 0x00, id, 0x45, 0x91, 0x01]),
            _ => AttackFrames.Frame([0x94, 0x00, id, 0x44, 0x92, 0x05, 0x02]),
        };
    }

    private static byte[] Bytes(LastAskerEnd end) => end switch
    {
        LastAskerEnd.HalfFrame => AttackFrames.Move[..^2],
        LastAskerEnd.Goodbye => [.. AttackFrames.Frame([0x93, 0x02, 0x03, 0x92, 0x00, 0xA0]), .. AttackFrames.Move],
        LastAskerEnd.BadLength => [0, 0, 0, 0, .. AttackFrames.Move],
        LastAskerEnd.BadBody => [.. AttackFrames.Bad, .. AttackFrames.Move],
        _ => [],
    };

    private unsafe void Send()
    {
        if (_sent == _script.Length)
        {
            return;
        }

        fixed (byte* start = _script.AsSpan(_sent))
        {
            SocketResult result = _host.Stack.Send(_socket, [new SendSegment(new ReadOnlySpan<byte>(start, _script.Length - _sent))]);
            _sent += result.Status == SocketStatus.Ok ? result.Count : 0;
        }

        if (_sent == _script.Length)
        {
            _host.Stack.ShutdownSend(_socket);
        }
    }

    private void Read()
    {
        SocketResult result = _host.Stack.Receive(_socket, _scratch);
        if (result.Status == SocketStatus.Ok && result.Count > 0)
        {
            _received.AddRange(_scratch.AsSpan(0, result.Count));
            CutBodies();
        }
        else if (result.Status == SocketStatus.Ok || result.Status.Classify() is not FailureClass.Transient)
        {
            Close();
            Check(result.Status);
        }
    }

    private void CutBodies()
    {
        while (_received.Count >= sizeof(int))
        {
            Span<byte> bytes = System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_received);
            int length = BinaryPrimitives.ReadInt32BigEndian(bytes);
            if (bytes.Length - sizeof(int) < length)
            {
                return;
            }

            Span<byte> body = bytes.Slice(sizeof(int), length);
            if (body is [0x94, 0x01, >= FirstId and var id, 0xC0, ..])
            {
                _world.Require(_goodbye is null && _answered.Add(id), "I32", $"request {id} before {_end} is answered twice, or behind Goodbye");
            }
            else if (body is [0x93, 0x02, 0x03, 0x92, var reason, ..])
            {
                _goodbye = reason;
            }

            _received.RemoveRange(0, sizeof(int) + length);
        }
    }

    private void Check(SocketStatus end)
    {
        long? expected = _end is LastAskerEnd.BadLength or LastAskerEnd.BadBody ? (long)CloseReason.Malformed : null;
        _world.Require(end == SocketStatus.Ok, "I32", $"the connection of requests before {_end} ends with {end}");
        _world.Require(_answered.Count == Requests, "I32", $"{_answered.Count} of {Requests} requests before {_end} are answered");
        _world.Require(_goodbye == expected, "I32", $"the end behind {_end} says {_goodbye}");
    }
}
