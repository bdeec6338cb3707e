using MessagePack;
using NetLoop.Tests.Demo;
using NetLoop.Tests.Generators;
using NetLoop.Tests.Hosting;
using NUnit.Framework;

namespace NetLoop.Tests.Foreign;

/// <summary>Contracts that use MessagePack-CSharp as their codec: they behave like all other messages, whatever they contain.</summary>
public sealed class CodedContractTests
{
    [Test]
    public void Serialize_CodedContract_IsWhatTheSerializerWrites()
    {
        Blueprint blueprint = new() { Grid = new[,] { { 1, 2 }, { 3, 4 } }, Notes = { ["x"] = "y" } };
        byte[] bytes = NetMessagePack.Serialize(blueprint);
        Assert.That(bytes, Is.EqualTo(MessagePackSerializer.Serialize(blueprint)));
        Assert.That(NetMessagePack.TryDeserialize(bytes, out Blueprint? read), Is.True);
        Assert.That(read!.Grid, Is.EqualTo(blueprint.Grid));
        Assert.That(NetMessagePack.TryDeserialize([.. bytes, 0], out read, out DecodeStatus status), Is.False);
        Assert.That(status, Is.EqualTo(DecodeStatus.TrailingData));
    }

    [Test]
    public async Task Request_CodedContracts_TravelLikeOthers()
    {
        NetServer server = TestHost.CreateServer(o => o.ListenTcp("127.0.0.1", 0));
        server.OnRequest<Blueprint, Ladder>((session, in blueprint) => new Ladder([new Rung(blueprint.Grid[0, 0], "yew")]));
        var heard = new TaskCompletionSource<Ladder>();
        server.On<Ladder>((session, in ladder) => server.Broadcast(ladder));
        server.Start();
        await using NetClient client = await TestHost.ConnectAsync(server);
        client.On<Ladder>((session, in ladder) => heard.TrySetResult(ladder));

        Ladder answer = await client.RequestAsync<Blueprint, Ladder>(new Blueprint { Grid = new[,] { { 9 } } }).WaitAsync(TestHost.Patience);
        Assert.That(answer.Rungs.Single(), Is.EqualTo(new Rung(9, "yew")));
        client.Send(new Ladder([new Rung(1, "fir")]));
        Assert.That((await heard.Task.WaitAsync(TestHost.Patience)).Rungs.Single().Name, Is.EqualTo("fir"));
        Assert.Throws<MessagePackSerializationException>(() => client.Send(new Ladder([new Rung(-1, "")])));

        await client.DisposeAsync();
        await TestHost.StopAndCheckAsync(server);
    }

    [Test]
    public async Task ContractsCheck_CodedContract_IsOneOpaqueLine()
    {
        string directory = Directory.CreateTempSubdirectory("netloop-coded-").FullName;
        try
        {
            string assembly = Path.Combine(directory, "Game.dll");
            string lockFile = Path.Combine(directory, "contracts.lock");
            GeneratorRun.Emit(
                assembly, "namespace Game; [NetMessage(100, Codec = typeof(MessagePackSerializerCodec))] public partial class Odd { public int[,]? Grid; }");
            ProcessResult result = await ChildProcess.RunNetLoopAsync(["contracts", "check", "--assembly", assembly, "--lock", lockFile]);
            Assert.That(result.ExitCode, Is.Zero, result.ToString());
            string[] lines = await File.ReadAllLinesAsync(lockFile);
            Assert.That(lines.Where(line => !line.StartsWith('#')), Is.EqualTo(new[] { "message 100 Game.Odd: opaque NetLoop.MessagePackSerializerCodec" }));
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }
}
