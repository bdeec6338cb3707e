using NUnit.Framework;

namespace NetLoop.Tests.MessagePack.Peers;

/// <summary>Other implementations read what is written here, and what they write is read here.</summary>
[Parallelizable]
public sealed class OtherImplementationsTests
{
    private const int Values = 100_000;
    private const string NodePackage = "@msgpack/msgpack";
    private const string NodeVersion = "3.1.3";

    private const string PythonEcho = """
        import msgpack, sys
        unpacker = msgpack.Unpacker(sys.stdin.buffer, raw=False, strict_map_key=False, timestamp=0)
        packer = msgpack.Packer(use_bin_type=True)
        sys.stdout.buffer.write(b''.join([packer.pack(value) for value in unpacker]))
        """;

    private const string RubyEcho = """
        $stdin.binmode; $stdout.binmode
        unpacker = MessagePack::Unpacker.new($stdin, allow_unknown_ext: true)
        packer = MessagePack::Packer.new($stdout)
        unpacker.each { |value| packer.write(value) }
        packer.flush
        """;

    private const string NodeEcho = """
        const { decodeMulti, Encoder } = require(process.argv[1]);
        const options = { useBigInt64: true };
        const encoder = new Encoder(options);
        const chunks = [];
        process.stdin.on('data', chunk => chunks.push(chunk));
        process.stdin.on('end', () => {
          const output = [];
          for (const value of decodeMulti(Buffer.concat(chunks), options)) output.push(encoder.encode(value));
          process.stdout.write(Buffer.concat(output));
        });
        """;

    [Test]
    public void RoundTrip_ThroughPython_KeepsEveryValue() => AssertRoundTrip(
        new("msgpack for Python", ["/usr/bin/python3", "python3", "python"], ["-c", "import msgpack"], ["-c", PythonEcho]));

    [Test]
    public void RoundTrip_ThroughRuby_KeepsEveryValue() => AssertRoundTrip(
        new("msgpack for Ruby", ["ruby"], ["-r", "msgpack", "-e", "0"], ["-r", "msgpack", "-e", RubyEcho]));

    [Test]
    public void RoundTrip_ThroughNode_KeepsEveryValue()
    {
        string package = InstallNodePackage();
        AssertRoundTrip(new($"{NodePackage} {NodeVersion}", ["node"], ["-e", "require(process.argv[1])", package], ["-e", NodeEcho, package]));
    }

    [Test]
    public void RoundTrip_WithAnotherValueInIt_IsSeen()
    {
        byte[] sent = RandomValues.Write(1_000, seed: 2);
        Assert.That(FirstDifference(sent, sent), Is.EqualTo(-1));
        byte[] other = [.. sent[..^1], 0xC1];
        Assert.That(FirstDifference(sent, other), Is.EqualTo(999));
    }

    private static void AssertRoundTrip(Peer peer)
    {
        byte[] sent = RandomValues.Write(Values, seed: 1);
        byte[] received = peer.Send(sent);
        Assert.That(FirstDifference(sent, received), Is.EqualTo(-1), $"the number of the first value that {peer.Name} made another of");
    }

    // -1 when there is none.
    private static int FirstDifference(byte[] sent, byte[] received)
    {
        NetReader ours = new(sent);
        NetReader theirs = new(received);
        for (int number = 0; ours.Remaining > 0; number++)
        {
            if (!ValueComparison.AreEqual(ref ours, ref theirs))
            {
                return number;
            }
        }

        return theirs.TryEnd() ? -1 : int.MaxValue;
    }

    // Once for each machine, outside the repository.
    private static string InstallNodePackage()
    {
        string cache = Path.Combine(Path.GetTempPath(), $"netloop-msgpack-{NodeVersion}-{Environment.UserName}");
        string package = Path.Combine(cache, "node_modules", "@msgpack", "msgpack");
        if (Directory.Exists(package))
        {
            return package;
        }

        DirectoryInfo fresh = Directory.CreateTempSubdirectory("netloop-msgpack-");
        string[] arguments = ["install", "--prefix", fresh.FullName, "--no-audit", "--no-fund", "--ignore-scripts", $"{NodePackage}@{NodeVersion}"];
        if (!Peer.TryRun("npm", arguments, [], out _, out string error))
        {
            fresh.Delete(recursive: true);
            Assert.Ignore($"{NodePackage} {NodeVersion} could not be installed: {error.Trim()}");
        }

        try
        {
            fresh.MoveTo(cache);
        }
        catch (IOException)
        {
            // Another run of the tests was faster.
            fresh.Delete(recursive: true);
        }

        return package;
    }
}
