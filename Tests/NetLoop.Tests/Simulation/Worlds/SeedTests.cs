using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using NetLoop.Simulation;
using NetLoop.Worlds;
using NUnit.Framework;

namespace NetLoop.Tests.Simulation.Worlds;

/// <summary>New worlds for every commit, and all worlds that ever failed.</summary>
[Parallelizable]
internal sealed class SeedTests
{
    private const int FreshSeeds = 120;

    /// <summary>Shorter than worlds normally are, so that more of them fit into the time.</summary>
    private static readonly TimeSpan SafetyMargin = TimeSpan.FromSeconds(1.5);

    [Test]
    public void Run_FreshSeedsOfTheCommit_Hold()
    {
        ulong first = BitConverter.ToUInt64(SHA256.HashData(Encoding.UTF8.GetBytes(Commit()))) >> 8;
        TestContext.Out.WriteLine($"seeds {first}..{first + FreshSeeds - 1}");
        RunAll(Enumerable.Range(0, FreshSeeds).Select(i => new WorldOptions(first + (ulong)i, KindOf(i)) { Safety = SafetyMargin }));
    }

    [Test]
    public void Run_SeedsThatBrokeOnce_Hold()
    {
        string path = Path.Combine(RepositoryRoot(), "Tests", "NetLoop.Tests", "Simulation", "Seeds.txt");
        RunAll(File.ReadLines(path).Where(line => !line.StartsWith('#')).Select(Parse));
    }

    private static void RunAll(IEnumerable<WorldOptions> worlds)
    {
        var failures = new System.Collections.Concurrent.ConcurrentQueue<string>();
        Parallel.ForEach(worlds, new ParallelOptions { MaxDegreeOfParallelism = 2 }, options =>
        {
            WorldResult result = World.Run(options);
            if (result.Violation is not null)
            {
                failures.Enqueue(result.Configuration + Environment.NewLine + result.Describe());
            }
        });
        Assert.That(failures, Is.Empty, string.Join(Environment.NewLine, failures));
    }

    /// <summary>Mostly swarms, and fewer of the worlds that take longer.</summary>
    private static WorldKind KindOf(int index) => (index % 20) switch
    {
        0 or 10 => WorldKind.Storm,
        1 => WorldKind.Dense,
        2 => WorldKind.Attack,
        3 or 13 => WorldKind.Idle,
        4 => WorldKind.Overload,
        5 or 15 => WorldKind.Threads,
        6 or 16 => WorldKind.Datagrams,
        11 => WorldKind.Links,
        12 => WorldKind.Udp,
        7 or 9 or 17 => WorldKind.Features,
        _ => WorldKind.Swarm,
    };

    private static WorldOptions Parse(string line)
    {
        string[] words = line.Split(' ', 4, StringSplitOptions.RemoveEmptyEntries);
        Assert.That(words, Has.Length.EqualTo(4), $"'{line}' is not: seed world faults reason");
        Assert.That(FaultFilter.TryParse(words[2], out FaultFilter? faults, out _), line);
        string[] world = words[1].Split('/');
        return new WorldOptions(ulong.Parse(words[0], CultureInfo.InvariantCulture), Enum.Parse<WorldKind>(world[0], ignoreCase: true))
        {
            Faults = faults!,
            Safety = world.Length > 1 ? TimeSpan.FromMilliseconds(int.Parse(world[1], CultureInfo.InvariantCulture)) : TimeSpan.Zero,
        };
    }

    /// <summary>The commit that is tested, so that every commit tries other seeds; without git, always the same ones.</summary>
    private static string Commit()
    {
        try
        {
            using Process? git = Process.Start(
                new ProcessStartInfo("git", "rev-parse HEAD")
                {
                    WorkingDirectory = RepositoryRoot(),
                    RedirectStandardOutput = true,
                    RedirectStandardError = true,
                });
            string commit = git?.StandardOutput.ReadToEnd().Trim() ?? "";
            git?.WaitForExit();
            return commit.Length > 0 ? commit : "none";
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return "none";
        }
    }

    private static string RepositoryRoot()
    {
        string? directory = TestContext.CurrentContext.TestDirectory;
        while (directory is not null && !File.Exists(Path.Combine(directory, "NetLoop.sln")))
        {
            directory = Path.GetDirectoryName(directory);
        }

        return directory ?? throw new DirectoryNotFoundException("NetLoop.sln is in no directory above the tests.");
    }
}
