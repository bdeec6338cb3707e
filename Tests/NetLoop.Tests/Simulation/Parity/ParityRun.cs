using System.Globalization;
using System.Net;

namespace NetLoop.Tests.Simulation.Parity;

/// <summary>Runs one script on one system, and records the result of each step and the events of the pollers.</summary>
/// <remarks>
/// A line of the result is <c>step -> outcome | C:rwf/12 ...</c>: every open socket in the order in which it was opened, with what its
/// poller reports (readable, writable, failed) and how many bytes wait in it. The steps:
/// <code>
/// listen L [ADDRESS] [port M | again M | at FILE] [backlog N]   connect C L | C ADDRESS port L | C at FILE
/// accept S L   finish C   send C N   repeat TIMES STEP   gather C N,N,... or gather C KxN   fill C   receive S N   drain S C   shutdown C
/// close C   reset C   crash   configure C SENDBYTES RECEIVEBYTES   holder L
/// watch C [none|read|write|both]   interest C ...   unwatch C   token C   wake [N]   rounds K room N   repoll   await C
/// file F   directory F   remove F   readonly F   forbid F   exists F   unlink L
/// </code>
/// A socket is watched from its beginning, for reading and writing. After a fill, numbers of bytes are the system's own and are written as
/// "some".
/// </remarks>
internal sealed partial class ParityRun : IDisposable
{
    private const int Period = 251;
    private const int BlockBytes = 1 << 18;

    /// <summary>The contents of all streams: byte N of a stream is N modulo <see cref="Period"/>.</summary>
    private static readonly byte[] Pattern = MakePattern();

    private readonly ParityArm _arm;
    private readonly ParityScript _script;
    private readonly List<ParitySocket> _sockets = [];
    private readonly Dictionary<string, NetEndpoint> _endpoints = [];
    private readonly ReadyEvent[] _events = new ReadyEvent[64];
    private readonly byte[] _buffer = new byte[BlockBytes];
    private int _opened;
    private bool _isInexact;

    public ParityRun(ParityArm arm, ParityScript script)
    {
        _arm = arm;
        _script = script;
    }

    /// <summary>Runs the whole script.</summary>
    /// <param name="expected">The results to wait for, where the system takes time; null for a system that never does.</param>
    /// <returns>One line for each step; it ends after the first unexpected one.</returns>
    public List<string> Execute(IReadOnlyList<string>? expected)
    {
        List<string> lines = [];
        for (int step = 0; step < _script.Steps.Count; step++)
        {
            string outcome = Outcome(_script.Steps[step].Split(' ', StringSplitOptions.RemoveEmptyEntries));
            string line = "";
            _arm.Settle(() => (line = $"{_script.Steps[step],-24} -> {outcome,-28} | {Observe()}") == expected?[step]);
            lines.Add(line);
            if (expected is not null && line != expected[step])
            {
                break;
            }
        }

        return lines;
    }

    public void Dispose()
    {
        foreach (ParitySocket socket in _sockets)
        {
            if (socket.IsWatched)
            {
                socket.Host.Poller.Remove(socket.Handle);
            }

            socket.Host.Stack.Close(socket.Handle, reset: true);
        }

        _arm.Dispose();
    }

    private static byte[] MakePattern()
    {
        byte[] pattern = GC.AllocateUninitializedArray<byte>(BlockBytes + Period, pinned: true);
        for (int index = 0; index < pattern.Length; index++)
        {
            pattern[index] = (byte)(index % Period);
        }

        return pattern;
    }

    private string Outcome(string[] words) => words[0] switch
    {
        "listen" => Listen(words),
        "connect" => Connect(words),
        "accept" => Accept(words[1], Find(words[2])),
        "finish" => On(words[1], socket => socket.Host.Stack.FinishConnect(socket.Handle)),
        "send" => Send(Find(words[1]), [Number(words[2])]),
        "repeat" => Repeat(Number(words[1]), words[2..]),
        "gather" => Send(Find(words[1]), Sizes(words[2])),
        "fill" => Fill(Find(words[1])),
        "receive" => Receive(Find(words[1]), Number(words[2])),
        "drain" => Drain(Find(words[1]), Find(words[2])),
        "shutdown" => On(words[1], socket => socket.Host.Stack.ShutdownSend(socket.Handle)),
        "close" => Close(Find(words[1]), reset: false),
        "reset" => Close(Find(words[1]), reset: true),
        "crash" => Crash(),
        "bind" => Bind(words),
        "dial" => Dial(words),
        "put" => Put(Find(words[1]), words),
        "take" => Take(Find(words[1]), words),
        "dropped" => $"{_arm.Far.Stack.CountDroppedDatagrams(Find(words[1]).Handle)}",
        "configure" => Configure(Find(words[1]), Number(words[2]), Number(words[3])),
        "holder" => _arm.Far.Stack.FindHolder(_endpoints[words[1]]) is null ? "nobody" : "somebody",
        "watch" => Watch(Find(words[1]), words.Length > 2 ? words[2] : "both"),
        "interest" => On(words[1], socket => socket.Host.Poller.Modify(socket.Handle, InterestOf(words[2]), socket.Token)),
        "unwatch" => Unwatch(Find(words[1])),
        "token" => ChangeToken(Find(words[1])),
        "wake" => Wake(words.Length > 1 ? Number(words[1]) : 1),
        "rounds" => LookInRounds(Number(words[1]), Number(words[3])),
        "repoll" => ReplacePollers(),
        "await" => Await(Find(words[1])),
        "file" => Do(() => _arm.MakeFile(_arm.PathOf(words[1]))),
        "directory" => Do(() => _arm.MakeDirectory(_arm.PathOf(words[1]))),
        "remove" => Do(() => _arm.Remove(_arm.PathOf(words[1]))),
        "readonly" => Do(() => _arm.MakeReadOnly(_arm.PathOf(words[1]))),
        "forbid" => Do(() => _arm.Forbid(_arm.PathOf(words[1]))),
        "exists" => _arm.Exists(_arm.PathOf(words[1])) ? "yes" : "no",
        "unlink" => Do(() => _arm.Far.Stack.RemoveUnixPath(_endpoints[words[1]])),
        _ => throw new FormatException($"No step: {string.Join(' ', words)}"),
    };

    /// <summary>The result of the last repetition.</summary>
    private string Repeat(int times, string[] words)
    {
        string outcome = "";
        for (int time = 0; time < times; time++)
        {
            outcome = Outcome(words);
        }

        return outcome;
    }

    private string Listen(string[] words)
    {
        int backlog = ValueOf(words, "backlog") is { } number ? Number(number) : 16;
        NetEndpoint endpoint;
        if (ValueOf(words, "again") is { } other)
        {
            endpoint = _endpoints[other];
        }
        else if (_script.Kind == TransportKind.Unix)
        {
            endpoint = NetEndpoint.Unix(_arm.PathOf(ValueOf(words, "at") ?? $"{words[1]}.sock"));
        }
        else
        {
            string address = words.Length > 2 && IPAddress.TryParse(words[2], out _) ? words[2] : "127.0.0.1";
            endpoint = NetEndpoint.Tcp(address, ValueOf(words, "port") is { } of ? _endpoints[of].Port : 0);
        }

        SocketStatus status = _arm.Far.Stack.Listen(endpoint, backlog, out SocketHandle listener, out NetEndpoint bound);
        if (status == SocketStatus.Ok)
        {
            _endpoints[words[1]] = bound;
            Open(words[1], _arm.Far, listener);
        }

        return $"{status}{(bound.Transport == TransportKind.Tcp && bound.Port == 0 ? " without a port" : "")}";
    }

    private string Connect(string[] words)
    {
        NetEndpoint remote;
        if (ValueOf(words, "at") is { } file)
        {
            remote = NetEndpoint.Unix(_arm.PathOf(file));
        }
        else
        {
            remote = ValueOf(words, "port") is { } of ? NetEndpoint.Tcp(words[2], _endpoints[of].Port) : _endpoints[words[2]];
        }

        SocketStatus status = _arm.Near.Stack.Connect(remote, out SocketHandle client);
        if (status is SocketStatus.Ok or SocketStatus.InProgress)
        {
            Open(words[1], _arm.Near, client);
        }

        return $"{status}{(client == SocketHandle.None ? "" : ", a socket")}";
    }

    private string Accept(string name, ParitySocket listener)
    {
        SocketStatus status = listener.Host.Stack.Accept(listener.Handle, out SocketHandle accepted, out NetEndpoint remote);
        if (status != SocketStatus.Ok)
        {
            return $"{status}{(accepted == SocketHandle.None ? "" : ", a socket")}";
        }

        Open(name, listener.Host, accepted);
        string from = remote.Transport == TransportKind.Unix ? $"'{remote.Path}'" : remote.WithPort(Math.Min(remote.Port, 1)).ToString();
        return $"{status} from {from}";
    }

    private string Close(ParitySocket socket, bool reset)
    {
        if (socket.IsWatched)
        {
            socket.Host.Poller.Remove(socket.Handle);
        }

        socket.Host.Stack.Close(socket.Handle, reset);
        _sockets.Remove(socket);
        return "done";
    }

    private string Crash()
    {
        ParitySocket[] dead = _sockets.Where(socket => socket.Host == _arm.Far).ToArray();
        _arm.CrashFar(dead.Select(socket => socket.Handle));
        _arm.Far.ReplacePoller();
        _sockets.RemoveAll(socket => socket.Host == _arm.Far);
        return "done";
    }

    private static string Configure(ParitySocket socket, int sendBytes, int receiveBytes) =>
        socket.Host.Stack.Configure(socket.Handle, new StreamSocketOptions(true, true, TimeSpan.FromSeconds(17), sendBytes, receiveBytes)).ToString();

    private void Open(string name, ParityHost host, SocketHandle handle)
    {
        ParitySocket socket = new(name, host, handle, new Token(_opened++, 1));
        _sockets.Add(socket);
        Watch(socket, "both");
    }

    private ParitySocket Find(string name) =>
        _sockets.Find(socket => socket.Name == name) ?? throw new FormatException($"{_script}: no socket {name} is open.");

    private string On(string name, Func<ParitySocket, SocketStatus> call) => call(Find(name)).ToString();

    private static string Do(Action action)
    {
        action();
        return "done";
    }

    private static string? ValueOf(string[] words, string key)
    {
        int index = Array.IndexOf(words, key);
        return index < 0 ? null : words[index + 1];
    }

    private static int Number(string word) => int.Parse(word, CultureInfo.InvariantCulture);
}
