using System.ComponentModel;
using System.Diagnostics;
using NUnit.Framework;

namespace NetLoop.Tests.MessagePack.Peers;

/// <summary>Another MessagePack implementation, in a process that unpacks its input and packs it again.</summary>
/// <param name="Name">The package, for people.</param>
/// <param name="Programs">Interpreters to try; the first one that has the package is used.</param>
/// <param name="Probe">Arguments that succeed only if the package is installed.</param>
/// <param name="Echo">Arguments that echo standard input.</param>
internal sealed record Peer(string Name, string[] Programs, string[] Probe, string[] Echo)
{
    private const int TimeoutSeconds = 60;

    /// <summary>Sends bytes through the other implementation, or ignores the test if it is not installed.</summary>
    public byte[] Send(byte[] packed)
    {
        string? program = Array.Find(Programs, candidate => TryRun(candidate, Probe, [], out _, out _));
        if (program is null)
        {
            Assert.Ignore($"{Name} is not installed: none of {string.Join(", ", Programs)} has it.");
        }

        bool isWell = TryRun(program!, Echo, packed, out byte[] output, out string error);
        Assert.That(isWell, Is.True, $"{Name}: {error}");
        return output;
    }

    /// <summary>Runs a program to its end.</summary>
    /// <returns>False if there is no program of that name, if it fails, or if it takes more than a minute.</returns>
    public static bool TryRun(string program, string[] arguments, byte[] input, out byte[] output, out string error)
    {
        output = [];
        error = "";
        ProcessStartInfo start = new(program, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        try
        {
            using Process process = Process.Start(start)!;
            // All three at once: a process that is blocked while writing does not read.
            Task writing = Task.Run(() =>
            {
                try
                {
                    process.StandardInput.BaseStream.Write(input);
                    process.StandardInput.Close();
                }
                catch (IOException)
                {
                    // It ended early; its exit code and its error output say why.
                }
            });
            using MemoryStream collected = new();
            Task reading = process.StandardOutput.BaseStream.CopyToAsync(collected);
            Task<string> complaining = process.StandardError.ReadToEndAsync();
            if (!Task.WaitAll([writing, reading, complaining], TimeSpan.FromSeconds(TimeoutSeconds)))
            {
                process.Kill(entireProcessTree: true);
                error = $"it took more than {TimeoutSeconds} seconds";
                return false;
            }

            process.WaitForExit();
            output = collected.ToArray();
            error = complaining.Result;
            return process.ExitCode == 0;
        }
        catch (Win32Exception exception)
        {
            error = exception.Message;
            return false;
        }
    }
}
