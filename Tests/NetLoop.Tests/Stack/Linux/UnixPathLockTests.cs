using System.Runtime.Versioning;
using NetLoop.Stack.Linux;
using NUnit.Framework;

namespace NetLoop.Tests.Stack.Linux;

[TestFixture]
[Platform("Linux", Reason = "The lock is flock's.")]
public sealed class UnixPathLockTests
{
    private string _directory = "";

    [SetUp]
    public void MakeDirectory() => _directory = Directory.CreateTempSubdirectory("netloop-").FullName;

    [TearDown]
    public void RemoveDirectory() => Directory.Delete(_directory, recursive: true);

    [Test]
    public void TryTake_HeldByAnother_LeavesNoDescriptorOpen()
    {
        string path = Path.Combine(_directory, "game.sock");
        UnixPathLock held = UnixPathLock.TryTake(path, TimeSpan.Zero, out _)!;
        for (int i = 0; i < 3; i++)
        {
            Assert.That(UnixPathLock.TryTake(path, TimeSpan.Zero, out _), Is.Null);
        }

        Assert.That(DescriptorsOf(path + ".lock"), Is.EqualTo(1), "the holder's own");
        held.Dispose();
        Assert.That(DescriptorsOf(path + ".lock"), Is.Zero);
        Assert.That(File.Exists(path + ".lock"), Is.False);
        UnixPathLock? again = UnixPathLock.TryTake(path, TimeSpan.Zero, out SocketStatus status);
        Assert.That((again is not null, status), Is.EqualTo((true, SocketStatus.Ok)));
        again!.Dispose();
    }

    [Test]
    public void TryTake_FileRemovedWhileItIsHeld_TakesANewOne()
    {
        string path = Path.Combine(_directory, "game.sock");
        using UnixPathLock? first = UnixPathLock.TryTake(path, TimeSpan.Zero, out _);
        File.Delete(path + ".lock");
        using UnixPathLock? second = UnixPathLock.TryTake(path, TimeSpan.Zero, out SocketStatus status);
        Assert.That((second is not null, status), Is.EqualTo((true, SocketStatus.Ok)));
    }

    [Test]
    [UnsupportedOSPlatform("windows")]
    public void TryTake_NewFile_IsForEverybodyWhomTheUmaskAllowsAndNoProgram()
    {
        string path = Path.Combine(_directory, "game.sock");
        using UnixPathLock? taken = UnixPathLock.TryTake(path, TimeSpan.Zero, out _);
        UnixFileMode mode = File.GetUnixFileMode(path + ".lock");
        const UnixFileMode ReadAndWrite = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.GroupWrite
            | UnixFileMode.OtherRead | UnixFileMode.OtherWrite;
        Assert.That(mode & ~ReadAndWrite, Is.EqualTo(UnixFileMode.None));
        Assert.That(mode & UnixFileMode.UserWrite, Is.EqualTo(UnixFileMode.UserWrite));
    }

    [Test]
    public void TryTake_LinkOrNoDirectory_IsUnsupportedAtOnceAndMakesNothing()
    {
        string path = Path.Combine(_directory, "game.sock");
        string target = Path.Combine(_directory, "elsewhere");
        File.CreateSymbolicLink(path + ".lock", target);
        Assert.That(UnixPathLock.TryTake(path, TimeSpan.FromHours(1), out SocketStatus status), Is.Null);
        Assert.That(status, Is.EqualTo(SocketStatus.Unsupported));
        Assert.That(File.Exists(target), Is.False, "a link leads to a file of its maker's choice");
        Assert.That(UnixPathLock.TryTake(Path.Combine(_directory, "none", "game.sock"), TimeSpan.FromHours(1), out status), Is.Null);
        Assert.That(status, Is.EqualTo(SocketStatus.Unsupported));
    }

    private static int DescriptorsOf(string path) =>
        new DirectoryInfo("/proc/self/fd")
            .EnumerateFileSystemInfos()
            .Count(file => file.LinkTarget is { } target && target.StartsWith(path, StringComparison.Ordinal));
}
