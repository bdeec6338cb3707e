using System.Text;
using NetLoop;

namespace Lines;

/// <summary>
/// A key-value store that works with <c>nc</c>: <c>SET key value</c>, <c>GET key</c>, <c>DEL key</c> and <c>QUIT</c>, one command on each line. It uses
/// neither MessagePack nor Hello: NetLoop splits the input into lines, and this class responds to them.
/// </summary>
public sealed class KeyValueServer
{
    private const int MaxLineBytes = 1024;
    private const int MaxKeys = 10_000;

    // Handlers share the loop's thread, so a plain dictionary is enough.
    private readonly Dictionary<string, string> _values = [];

    /// <summary>Creates a server that does not listen before it is started.</summary>
    /// <param name="port">The TCP port on the loopback address; 0 lets the system choose.</param>
    public NetServer Create(int port) => NetServer.Create(o =>
    {
        o.TickRate = 0;
        o.ListenTcp("127.0.0.1", port, l =>
        {
            l.UseRawProtocol(() => DelimitedFramer.Lines(MaxLineBytes), (session, line) => Answer(session, Encoding.UTF8.GetString(line)));
            l.RateLimit = new RateLimitOptions { MessagesPerSecond = 10_000 };
        });
    });

    private void Answer(Session session, string line)
    {
        string[] words = line.Split(' ', 3);
        string answer = words switch
        {
            ["GET", var key] => _values.TryGetValue(key, out string? value) ? $"VALUE {value}" : "NONE",
            ["SET", var key, var value] => Set(key, value),
            ["DEL", var key] => _values.Remove(key) ? "OK" : "NONE",
            ["QUIT"] => "BYE",
            _ => "ERROR expected SET key value, GET key, DEL key or QUIT",
        };
        session.SendRaw(Encoding.UTF8.GetBytes(answer));
        if (answer == "BYE")
        {
            session.Close();
        }
    }

    private string Set(string key, string value)
    {
        if (_values.Count >= MaxKeys && !_values.ContainsKey(key))
        {
            return $"ERROR the store has {MaxKeys} keys, and room for no more";
        }

        _values[key] = value;
        return "OK";
    }
}
