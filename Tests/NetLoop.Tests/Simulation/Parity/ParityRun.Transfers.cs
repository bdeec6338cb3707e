using System.Globalization;

namespace NetLoop.Tests.Simulation.Parity;

/// <content>Steps that move bytes.</content>
internal sealed partial class ParityRun
{
    private string Send(ParitySocket socket, int[] sizes)
    {
        int total = sizes.Sum();
        SocketResult result = SendSome(socket, sizes);
        _isInexact |= result.Status == SocketStatus.Ok && result.Count < total;
        return Text(result, result.Count == total ? total.ToString(CultureInfo.InvariantCulture) : "part");
    }

    private static SocketResult SendSome(ParitySocket socket, int[] sizes)
    {
        var segments = new SendSegment[sizes.Length];
        long offset = socket.Sent;
        for (int index = 0; index < sizes.Length; index++)
        {
            segments[index] = new SendSegment(Pattern.AsSpan((int)(offset % Period), sizes[index]));
            offset += sizes[index];
        }

        SocketResult result = socket.Host.Stack.Send(socket.Handle, segments);
        socket.Sent += result.Status == SocketStatus.Ok ? result.Count : 0;
        return result;
    }

    /// <summary>Sends until there is no room, and none becomes free.</summary>
    private string Fill(ParitySocket socket)
    {
        const int Looks = 4;
        _isInexact = true;
        long before = socket.Sent;
        SocketResult result = default;
        int refusals = 0;
        _arm.Settle(() =>
        {
            while ((result = SendSome(socket, [BlockBytes])).Status == SocketStatus.Ok)
            {
                refusals = 0;
            }

            return ++refusals == Looks;
        });
        return $"{result.Status} after {(socket.Sent > before ? "some" : "none")}";
    }

    private string Receive(ParitySocket socket, int most)
    {
        SocketResult result = ReceiveSome(socket, most, out bool isRight);
        return isRight ? Text(result, result.Count.ToString(CultureInfo.InvariantCulture)) : "wrong bytes";
    }

    private SocketResult ReceiveSome(ParitySocket socket, int most, out bool isRight)
    {
        SocketResult result = socket.Host.Stack.Receive(socket.Handle, _buffer.AsSpan(0, most));
        int count = result.Status == SocketStatus.Ok ? result.Count : 0;
        isRight = _buffer.AsSpan(0, count).SequenceEqual(Pattern.AsSpan((int)(socket.Received % Period), count));
        socket.Received += count;
        return result;
    }

    /// <summary>Receives everything that the other socket sent.</summary>
    private string Drain(ParitySocket socket, ParitySocket from)
    {
        string outcome = "not everything";
        _arm.Settle(() =>
        {
            SocketResult result;
            do
            {
                result = ReceiveSome(socket, BlockBytes, out bool isRight);
                if (!isRight)
                {
                    outcome = "wrong bytes";
                    return true;
                }
            }
            while (result is { Status: SocketStatus.Ok, Count: > 0 });

            outcome = socket.Received == from.Sent ? "everything" : $"not everything, {result.Status}";
            return socket.Received == from.Sent || result.Status != SocketStatus.WouldBlock;
        });
        return outcome;
    }

    private static string Text(SocketResult result, string count) => result.Status == SocketStatus.Ok ? $"Ok {count}" : $"{result.Status}";

    private static int[] Sizes(string word)
    {
        string[] parts = word.Split('x');
        return parts.Length == 2 ? Enumerable.Repeat(Number(parts[1]), Number(parts[0])).ToArray() : word.Split(',').Select(Number).ToArray();
    }
}
