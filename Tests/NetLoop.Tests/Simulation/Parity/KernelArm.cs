using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using NetLoop.Stack.Linux;
using NUnit.Framework;

namespace NetLoop.Tests.Simulation.Parity;

/// <summary>The real kernel: loopback addresses, and a separate directory for files.</summary>
[SupportedOSPlatform("linux")]
internal partial class KernelArm : ParityArm
{
    private const int Millisecond = 1_000_000;
    private const nuint BytesToRead = 0x541B;
    private const uint Nobody = 65_534;

    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);

    private readonly string _directory = Directory.CreateTempSubdirectory("nl-parity-").FullName;
    private readonly TimeSpan _patience;
    private readonly EpollPoller _pause = new EpollPoller();
    private bool _isNobody;

    /// <param name="patience">How long the kernel may take for the consequences of a call. The whole time passes only where they never happen.</param>
    public KernelArm(TimeSpan patience)
        : this(patience, new LinuxStack(), new LinuxStack())
    {
    }

    protected KernelArm(TimeSpan patience, INetworkStack near, INetworkStack far)
        : base(near, far)
    {
        _patience = patience;

        // If permissions are tested, files are accessed as another user.
        File.SetUnixFileMode(_directory, (UnixFileMode)0b111_111_111);
    }

    public override string PathOf(string name) => Path.Combine(_directory, name);

    public override int UnreadOf(ParityHost host, SocketHandle socket) => Control(socket.Value, BytesToRead, out int count) == 0 ? count : 0;

    public override bool Settle(Func<bool> isSo) => Wait(isSo, _patience);

    public override void Await(Func<bool> isSo) => Assert.That(Wait(isSo, Longest), Is.True, "gave up waiting");

    public override void CrashFar(IEnumerable<SocketHandle> sockets)
    {
        foreach (SocketHandle socket in sockets)
        {
            Far.Stack.Close(socket, reset: false);
        }

        Far.Stack = new LinuxStack();
    }

    public override void MakeFile(string path) => File.WriteAllText(path, "");

    public override void MakeDirectory(string path)
    {
        Directory.CreateDirectory(path);
        File.SetUnixFileMode(path, (UnixFileMode)0b111_111_111);
    }

    public override void Remove(string path)
    {
        if (Directory.Exists(path))
        {
            Directory.Delete(path, recursive: true);
        }
        else
        {
            File.Delete(path);
        }
    }

    public override void MakeReadOnly(string path) => SetMode(path, (UnixFileMode)0b101_101_101);

    public override void Forbid(string path) => SetMode(path, UnixFileMode.None);

    public override bool Exists(string path) => Path.Exists(path);

    public override void Dispose()
    {
        base.Dispose();
        _pause.Dispose();
        if (_isNobody)
        {
            _ = SetFileUser(0);
        }

        foreach (string directory in Directory.EnumerateDirectories(_directory))
        {
            File.SetUnixFileMode(directory, (UnixFileMode)0b111_111_111);
        }

        Directory.Delete(_directory, recursive: true);
    }

    private bool Wait(Func<bool> isSo, TimeSpan patience)
    {
        long start = TimeProvider.System.GetTimestamp();
        ReadyEvent[] none = new ReadyEvent[1];
        while (!isSo())
        {
            if (TimeProvider.System.GetElapsedTime(start) > patience)
            {
                return false;
            }

            _pause.Wait(none, Millisecond / 10);
        }

        return true;
    }

    /// <summary>Root may access everything, so this thread gives up root's rights to files. setfsuid(2) changes only this thread.</summary>
    private void SetMode(string path, UnixFileMode mode)
    {
        if (Directory.Exists(path))
        {
            foreach (string file in Directory.EnumerateFiles(path))
            {
                File.SetUnixFileMode(file, (UnixFileMode)0b111_111_111);
            }
        }

        File.SetUnixFileMode(path, mode);
        if (Environment.IsPrivilegedProcess)
        {
            _ = SetFileUser(Nobody);
            _isNobody = true;
        }
    }

    [LibraryImport("libc", EntryPoint = "ioctl")]
    private static partial int Control(int descriptor, nuint request, out int count);

    [LibraryImport("libc", EntryPoint = "setfsuid")]
    private static partial int SetFileUser(uint user);
}
