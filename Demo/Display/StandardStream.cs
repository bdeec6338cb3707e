using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace NetLoop.Demo.Display;

/// <summary>
/// stdout or stderr. Unlike .NET's console class, it reports errors: that the reader of a pipe is gone, or that the stream was closed at the start.
/// </summary>
/// <remarks>Thread: one at a time.</remarks>
/// <param name="descriptor">1 for stdout, 2 for stderr.</param>
internal sealed partial class StandardStream(int descriptor)
{
    private const int Interrupted = 4;
    private const int TryAgain = 11;
    private const int BadDescriptor = 9;
    private static readonly TimeSpan RetryPause = TimeSpan.FromMilliseconds(5);

    // If the stream was closed at the start (>&-), its descriptor may now belong to the runtime.
    private readonly bool _isForeign = OperatingSystem.IsLinux() && IsClosedOnExec(descriptor);
    private readonly Stream? _console = OperatingSystem.IsLinux() ? null : descriptor == 1 ? Console.OpenStandardOutput() : Console.OpenStandardError();

    /// <summary>Writes a text in UTF-8; blocks until it is written.</summary>
    /// <exception cref="IOException">It cannot be written; the message has the system's reason.</exception>
    public void Write(string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        if (_console is not null)
        {
            _console.Write(bytes);
            return;
        }

        if (_isForeign)
        {
            throw new IOException(Marshal.GetPInvokeErrorMessage(BadDescriptor));
        }

        for (int written = 0; written < bytes.Length;)
        {
            nint count = WriteSome(descriptor, ref bytes[written], bytes.Length - written);
            if (count >= 0)
            {
                written += (int)count;
                continue;
            }

            int error = Marshal.GetLastPInvokeError();
            if (error == TryAgain)
            {
                Thread.Sleep(RetryPause); // Another user of the terminal or pipe made it non-blocking.
            }
            else if (error != Interrupted)
            {
                throw new IOException(Marshal.GetPInvokeErrorMessage(error));
            }
        }
    }

    // A descriptor that a process inherits cannot be close-on-exec; those that the runtime opens are.
    private static bool IsClosedOnExec(int descriptor)
    {
        const string Flags = "flags:";
        const int CloseOnExec = 0x8_0000; // 02000000
        try
        {
            string? line = File.ReadLines(string.Create(CultureInfo.InvariantCulture, $"/proc/self/fdinfo/{descriptor}"))
                .FirstOrDefault(line => line.StartsWith(Flags, StringComparison.Ordinal));
            return line is not null && (Convert.ToInt64(line[Flags.Length..].Trim(), 8) & CloseOnExec) != 0;
        }
        catch (IOException)
        {
            return false; // It is not open at all: the first write reports that.
        }
    }

    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    private static partial nint WriteSome(int descriptor, ref byte bytes, nint count);
}
