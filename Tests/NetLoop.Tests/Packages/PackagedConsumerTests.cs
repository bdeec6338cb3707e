using NUnit.Framework;

namespace NetLoop.Tests.Packages;

/// <summary>The packages as other programs use them: from a folder, without this repository.</summary>
[Explicit("Packs, restores and builds: a minute, and a registry for the packages of others.")]
public sealed class PackagedConsumerTests
{
    private const string Project = $"""
        <Project Sdk="Microsoft.NET.Sdk">
          <PropertyGroup><OutputType>Exe</OutputType><TargetFramework>net10.0</TargetFramework><ImplicitUsings>enable</ImplicitUsings><Nullable>enable</Nullable></PropertyGroup>
          <ItemGroup>
            <PackageReference Include="NetLoop.MessagePack" Version="{PackageFeed.Version}" />
            <PackageReference Include="NetLoop.Simulation" Version="{PackageFeed.Version}" />
            <!-- Not every registry has the analyzer that MessagePack depends on. -->
            <PackageReference Include="MessagePackAnalyzer" Version="2.5.307" ExcludeAssets="all" NoWarn="NU1605" />
          </ItemGroup>
        </Project>
        """;

    // [Key] without a using, code from the generator, a codec, a type that is not a contract, a message in each direction over a socket, and a simulation.
    private const string Program = """
        using NetLoop;

        MessageTypes.Shared.Add<Dictionary<string, int>>(200);
        Plain plain = NetMessagePack.TryDeserialize(NetMessagePack.Serialize(new Plain(5)), out Plain read) ? read : default;
        Odd? odd = NetMessagePack.TryDeserialize(NetMessagePack.Serialize(new Odd { Grid = new[,] { { 7 } } }), out Odd? made) ? made : null;
        Console.WriteLine($"{plain.X} {odd?.Grid[0, 0]}");

        await using var server = NetServer.Create(o => o.ListenTcp("127.0.0.1", 0));
        server.OnRequest<Plain, Doubled>((session, in request) => new Doubled(2 * request.X));
        server.Start();
        await using NetClient client = await NetClient.ConnectAsync(server.Endpoints[0]);
        Console.WriteLine((await client.RequestAsync<Plain, Doubled>(new Plain(21))).X);

        using var simulation = new NetSimulation(seed: 1);
        NetServer simulated = simulation.Server(setUp: server =>
            server.OnRequest<Plain, Doubled>((session, in request) => new Doubled(2 * request.X)));
        SimulatedClient peer = simulation.Client(simulated);
        Console.WriteLine(simulation.Run(peer.RequestAsync<Plain, Doubled>(new Plain(4))).X);

        [NetMessage(201)]
        public readonly partial record struct Plain([property: Key(0)] int X);

        [NetContract]
        public readonly partial record struct Doubled([property: Key(0)] int X);

        [NetMessage(202, Codec = typeof(MessagePackSerializerCodec))]
        [MessagePack.MessagePackObject]
        public sealed partial class Odd
        {
            [Key(0)] public int[,] Grid { get; set; } = new int[0, 0];
        }
        """;

    [Test]
    public void Packages_InAProgramElsewhere_RestoreBuildAndRun()
    {
        string directory = PackageFeed.Shared.CreateFolder("consumer");
        File.WriteAllText(Path.Combine(directory, "consumer.csproj"), Project);
        File.WriteAllText(Path.Combine(directory, "Program.cs"), Program);
        Assert.That(PackageFeed.Warnings(PackageFeed.Shared.Run(directory, "build")), Is.Empty);
        Assert.That(PackageFeed.Shared.Run(directory, "run", "--no-build").Trim(), Is.EqualTo("5 7\n42\n8"));
    }
}
