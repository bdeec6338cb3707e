using NUnit.Framework;

namespace NetLoop.Tests.Packages;

/// <summary>Deletes the feed after the last test that uses it.</summary>
[SetUpFixture]
public sealed class PackageCleanup
{
    [OneTimeTearDown]
    public void DeleteFeed() => PackageFeed.DeleteShared();
}
