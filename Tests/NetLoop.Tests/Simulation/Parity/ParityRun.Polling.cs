using System.Globalization;
using System.Text;

namespace NetLoop.Tests.Simulation.Parity;

/// <content>Steps that ask the pollers, and what they tell after every step.</content>
internal sealed partial class ParityRun
{
    private static string Watch(ParitySocket socket, string interest)
    {
        SocketStatus status = socket.Host.Poller.Add(socket.Handle, InterestOf(interest), socket.Token);
        socket.IsWatched |= status == SocketStatus.Ok;
        return status.ToString();
    }

    private static string Unwatch(ParitySocket socket)
    {
        socket.IsWatched = false;
        return socket.Host.Poller.Remove(socket.Handle).ToString();
    }

    private static string ChangeToken(ParitySocket socket)
    {
        socket.Token = socket.Token with { Generation = socket.Token.Generation + 1 };
        return socket.Host.Poller.Modify(socket.Handle, Interest.Readable | Interest.Writable, socket.Token).ToString();
    }

    /// <summary>Wakes the far host's poller and waits without limit; the wait ends.</summary>
    private string Wake(int times)
    {
        for (int time = 0; time < times; time++)
        {
            _arm.Far.Poller.Wake();
        }

        return $"ends{Names(_events.AsSpan(0, _arm.Far.Poller.Wait(_events, -1)))}";
    }

    /// <summary>Waits several times with room for few events.</summary>
    private string LookInRounds(int rounds, int room)
    {
        List<ReadyEvent> seen = [];
        for (int round = 0; round < rounds; round++)
        {
            int count = _arm.Far.Poller.Wait(_events.AsSpan(0, room), 0);
            seen.AddRange(_events.AsSpan(0, count));
        }

        return $"{seen.Count} events:{Names(seen.ToArray())}";
    }

    private string ReplacePollers()
    {
        _arm.Near.ReplacePoller();
        _arm.Far.ReplacePoller();
        return string.Join(' ', _sockets.Where(socket => socket.IsWatched).Select(socket => Watch(socket, "both")));
    }

    private string Await(ParitySocket socket)
    {
        _arm.Await(() => ReadinessOf(socket) != Readiness.None);
        return "ready";
    }

    /// <summary>Returns the state of all sockets.</summary>
    private string Observe()
    {
        StringBuilder text = new();
        foreach (ParitySocket socket in _sockets)
        {
            text.Append(CultureInfo.InvariantCulture, $"{socket.Name}:{Letters(ReadinessOf(socket))}");
            if (_arm.UnreadOf(socket.Host, socket.Handle) is > 0 and int unread)
            {
                text.Append('/').Append(_isInexact ? "some" : unread.ToString(CultureInfo.InvariantCulture));
            }

            text.Append(' ');
        }

        // An event for a token without a watched socket is an error.
        foreach (ParityHost host in (ParityHost[])[_arm.Near, _arm.Far])
        {
            int count = host.Poller.Wait(_events, 0);
            foreach (ReadyEvent ready in _events.AsSpan(0, count))
            {
                if (!_sockets.Exists(socket => socket.IsWatched && socket.Host == host && socket.Token == ready.Token))
                {
                    text.Append(CultureInfo.InvariantCulture, $"unknown {ready} ");
                }
            }
        }

        return text.ToString();
    }

    private Readiness ReadinessOf(ParitySocket socket)
    {
        int count = socket.IsWatched ? socket.Host.Poller.Wait(_events, 0) : 0;
        foreach (ReadyEvent ready in _events.AsSpan(0, count))
        {
            if (ready.Token == socket.Token)
            {
                return ready.Readiness;
            }
        }

        return Readiness.None;
    }

    private string Names(ReadOnlySpan<ReadyEvent> events)
    {
        SortedSet<string> names = [];
        foreach (ReadyEvent ready in events)
        {
            names.Add(_sockets.Find(socket => socket.Token == ready.Token)?.Name ?? "unknown");
        }

        return string.Concat(names.Select(name => $" {name}"));
    }

    private static string Letters(Readiness readiness)
    {
        string letters = string.Concat(
            (readiness & Readiness.Readable) != 0 ? "r" : "",
            (readiness & Readiness.Writable) != 0 ? "w" : "",
            (readiness & Readiness.Failed) != 0 ? "f" : "");
        return letters.Length == 0 ? "-" : letters;
    }

    private static Interest InterestOf(string word) => word switch
    {
        "none" => Interest.None,
        "read" => Interest.Readable,
        "write" => Interest.Writable,
        "both" => Interest.Readable | Interest.Writable,
        _ => throw new FormatException($"'{word}' is not none, read, write or both."),
    };
}
