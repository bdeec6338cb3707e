using NetLoop.Worlds;

namespace NetLoop.Tests.Simulation.PlantedBugs;

/// <summary>A bug for the simulator to find: an engine call that is left out, a field that is not set, or a counter that is not incremented.</summary>
/// <param name="Name">Describes the bug in a few words.</param>
/// <param name="Type">Full name of the type that has the bug.</param>
/// <param name="Method">Name of the method.</param>
/// <param name="Callee">
/// The method whose call is left out, as Type.Method; the name of a field that is not set; empty for an increment that adds nothing.
/// </param>
/// <param name="Answer">The result of the call that is left out, if it has one: 0 for false, 1 for true.</param>
internal sealed record PlantedBug(string Name, string Type, string Method, string Callee, int Answer = 0)
{
    private const string Connection = "NetLoop.Transports.Streams.StreamConnection";
    private const string Sender = "NetLoop.Transports.Streams.StreamSender";
    private const string Session = "NetLoop.Session";
    private const string SessionSender = "NetLoop.Sessions.SessionSender";
    private const string Deadlines = "NetLoop.Sessions.SessionDeadlines";
    private const string Router = "NetLoop.Sessions.BodyRouter";

    private const string NetcodeServer = "NetLoop.Transports.Datagrams.Netcode.NetcodeServer";
    private const string NetcodePeer = "NetLoop.Transports.Datagrams.Netcode.NetcodePeer";
    private const string NetcodePacket = "NetLoop.Transports.Datagrams.Netcode.NetcodePacket";
    private const string ReplayWindow = "NetLoop.Transports.Datagrams.Netcode.ReplayWindow";
    private const string UsedTokens = "NetLoop.Transports.Datagrams.Netcode.UsedTokens";
    private const string ReliableLink = "NetLoop.Transports.Datagrams.Reliability.ReliableLink";
    private const string ReceiveLane = "NetLoop.Transports.Datagrams.Reliability.ReceiveLane";
    private const string SendLane = "NetLoop.Transports.Datagrams.Reliability.SendLane";

    /// <summary>All of them.</summary>
    public static readonly PlantedBug[] All =
    [
        new("a partial send does not move the cursor", Sender, "Send", "SendQueue.Advance"),
        new("a connection that dies keeps what it received", Connection, "Destroy", "ReceiveBuffer.Release"),
        new("a connection that dies keeps what it had to send", Connection, "Destroy", "StreamSender.Clear"),
        new("a connection that dies leaves its deadline behind", Connection, "Destroy", "TimerQueue.Cancel"),
        new("bytes that were delivered are delivered again", Connection, "DeliverHeld", "ReceiveBuffer.Consume"),
        new("an empty queue stays interested in sending", Connection, "SendQueued", "Connection.UpdateInterest"),
        new("no descriptors, and the listener tries again at once", "NetLoop.Transports.Listener", "AcceptPending", "Listener.BackOff"),
        new("a timer's slot keeps its generation", "NetLoop.Time.TimerQueue", "FreeSlot", ""),
        new("a WebSocket that dies keeps its unfinished message", Connection, "Destroy", "StreamProtocol.Release"),
        new("what comes behind Hello is read in large pieces", "NetLoop.Transports.Streams.StreamTransport", "Accept", "StreamConnection.set_MaxReceiveBytes"),
        new("a connection that waits for Hello has no deadline", Session, "Attach", "SessionDeadlines.Begin"),
        new("an open session keeps the framing of Hello", Connection, "Admit", "StreamConnection.set_Protocol"),
        new("the closed handler is not called", Session, "Finish", "IDispatcher.DispatchClosed"),
        new("a full send queue takes more", SessionSender, "Send", "Connection.IsFull"),
        new("a broadcast that is said to be queued is not", SessionSender, "Append", "Connection.TryAppend", Answer: 1),
        new("what another thread sent keeps its lease", Session, "NetLoop.Messaging.ICommandTarget.OnCommand", "Lease.Return"),
        new("a full inbox takes more", Session, "NetLoop.Transports.IConnectionOwner.OnBodies", "Inbox.get_HasRoom", Answer: 1),
        new("a request that was answered keeps its timeout", "NetLoop.Messaging.RequestTracker", "End", "TimerQueue.Cancel"),
        new("a connection that paused never reads again", "NetLoop.Hosting.Loop.LoopCore", "Handle", "ConnectionSet.ResumePausedConnections"),
        new("a connection that paused is reported again and again", "NetLoop.Hosting.Loop.LoopCore", "Handle", "ConnectionSet.SilencePausedConnections"),
        new("a full server lets others in", "NetLoop.Hosting.Server.SessionAcceptor", "Serve", "NetServer.get_ConnectionCount"),
        new("a full table of descriptors is not seen", "NetLoop.Hosting.Server.SessionAcceptor", "Serve", "DescriptorBudget.IsForRejections"),
        new("a refused connection stays where the runtime must find room", "NetLoop.Hosting.Server.SessionAcceptor", "Reject", "DescriptorBudget.IsForRuntime"),
        new("reading goes on after the stop began", Router, "RouteRequest", "LoopServices.get_IsStopping"),
        new("Goodbye does not wait for handlers that run", "NetLoop.Hosting.Loop.LoopStop", "get_IsDueToClose", "LoopStop.get_AreHandlersDone", Answer: 1),
        new("what a closed session sent is still handled", "NetLoop.Handlers.MessageEntry`1", "InvokeAll", "Session.get_IsInputDropped"),
        new("the end of a stream says Normal", Session, "NetLoop.Transports.IConnectionOwner.OnEndOfInput", "SessionProfile.get_EndOfInputReason"),
        new("what comes behind bad input is handled", Session, "EndInput", "Connection.EndInput"),
        new(
            "time in which the loop stood still counts against peers",
            "NetLoop.Time.LoopClock",
            "Looked",
            "LoopClock.set_StalledTime") { Kind = WorldKind.Overload },
        new("a late loop reads and handles nothing", "NetLoop.Hosting.Loop.LoopCore", "RunIteration", "LoopCore.Receive") { Kind = WorldKind.Overload },
        new("a slab that is dropped is not given up", "NetLoop.Buffers.BufferPool", "Drop", "ISlabSource.Drop"),
        new("a slab that pages come back to is not counted", "NetLoop.Buffers.BufferPool", "TakeUnused", "BufferPool.Uncount"),
        new("a body that several loops send keeps its lease", "NetLoop.Sessions.Groups.SharedBody", "Release", "Lease.Return") { Kind = WorldKind.Threads },
        new("a writer that waits for room is not called", "NetLoop.Messaging.CommandQueue", "Drain", "CommandQueue.CallWaiters") { Kind = WorldKind.Threads },
        new(
            "a loop does not wake its handlers' thread before it sleeps",
            "NetLoop.Hosting.Loop.LoopCore",
            "Wait",
            "HandlerThread.Wake") { Kind = WorldKind.Threads },
        new(
            "a handlers' thread does not wake the loop for what it sent",
            "NetLoop.Messaging.HandlerSends",
            "End",
            "HandlerSends.WakeLoop") { Kind = WorldKind.Threads },
        new(
            "a chunk of sends goes on behind what was written later",
            "NetLoop.Messaging.CommandQueue",
            "Write",
            "HandlerSends.CloseChunk") { Kind = WorldKind.Threads },
        new("a loop that is woken sleeps on", "NetLoop.Transports.ConnectionSet", "Wake", "IPoller.Wake") { Kind = WorldKind.Threads },
        new(
            "a handler that went on elsewhere ends, and the loop is not told",
            "NetLoop.Sessions.LoopServices",
            "HandlerEnded",
            "ConnectionSet.Wake") { Kind = WorldKind.Threads },
        new("a connection that the poller does not watch lives on", Connection, "UpdateInterest", "ConnectionSet.MarkUnwatched") { Kind = WorldKind.Threads },
        new(
            "a session of another loop is taken for one's own",
            "NetLoop.Sessions.Groups.GroupPart",
            "Broadcast",
            "LoopServices.get_IsLoopThread",
            Answer: 1) { Kind = WorldKind.Threads },
        new("an offloaded handler keeps its place", "NetLoop.Handlers.HandlerEnvelope`1", "RunOffloaded", "OffloadQueue.Release"),
        new("what arrives does not count as a sign of life", Session, "NetLoop.Transports.IConnectionOwner.OnBodies", "SessionDeadlines.Heard"),
        new("a timer that fired is not set again", Deadlines, "OnTimer", "SessionDeadlines.Reschedule"),
        new("a response leaves its request waiting", Router, "RouteResponse", "SessionRequests.End"),
        new("requests in one slot have one number", "NetLoop.Messaging.RequestTracker", "TryAdd", "_count"),
        new("the end of the input waits for the close timeout", Session, "OnInputHandled", "Session.EndAfterInput"),
        new("one ping is measured and no other", "NetLoop.Sessions.Heartbeat", "Answered", "_sentAt"),
        new("no ping is measured", "NetLoop.Sessions.Heartbeat", "Answered", "RoundTripEstimator.Update"),
        new("who is in stays among those who are opening", "NetLoop.Hosting.Server.SessionAcceptor", "OnSessionOpened", "OpeningSessions.Remove"),
        new("who leaves keeps the place of its address", "NetLoop.Hosting.Server.SessionAcceptor", "LeavePlace", "AddressLimiter.Leave"),
        new("a handler that ended counts as running", Session, "HandlerEnded", "LoopServices.HandlerEnded"),
        new("memory of a handler that ended stays charged", "NetLoop.Sessions.SessionInput", "HandlerEnded", "Interlocked.Add"),
        new("bodies that were sent in part of a block are still counted", "NetLoop.Transports.Streams.SendQueue", "Advance", "SendQueue.CountSentBodies"),
        new("nobody hears that the kernel takes more", Sender, "Block", "SendBacklog.Blocked"),
        new("received bytes are not counted", Connection, "ReceiveTurn", "BytesIn"),
        new("sent bytes are not counted", Sender, "Send", "BytesOut"),
        new("a session that left is in the group of all", Session, "Finish", "SessionGroups.LeaveAll"),
        new("timers are sifted up no further", "NetLoop.Time.TimerQueue", "Place", "TimerQueue.SiftUp"),
        new("ticks are taken and their number stays", "NetLoop.Time.TickSchedule", "TakeDue", "TickSchedule.set_Tick"),
        new("a socket that is over stays open", "NetLoop.Transports.PolledSocket", "Unregister", "INetworkStack.Close"),
        new("a batch is not used again", "NetLoop.Messaging.Inbox", "Done", "?.Return"),
        new("a slot of the table keeps its generation", "NetLoop.Transports.SocketTable", "Remove", ""),
        new("what is lent is received over", "NetLoop.Buffers.ReceiveScratch", "TryLend", "ReceiveScratch.set_LentBytes"),
        new("the opened handler is not called", Session, "BecomeOpen", "IDispatcher.DispatchOpened"),
        new(
            "a listener that backed off waits for its timer",
            "NetLoop.Hosting.Server.ServerLoop",
            "NetLoop.Hosting.Loop.ILoopParticipant.OnIterationEnded",
            "Listener.ResumeIfRoom"),
        new("nobody waits for handlers that go on", "NetLoop.Handlers.HandlerEntry`1", "Dispatch", "Session.HandlerStarted"),
        new("an object keeps the end of the stream that it served last", Connection, "Begin", "_sawEndOfStream"),
        new(
            "a number that is too large for its member is cut",
            "NetLoop.NetReader",
            "TryReadUnsigned",
            "NetReader.FailAt",
            Answer: 1) { Kind = WorldKind.Features },
        new("a body of a raw protocol is dropped", Router, "Route", "IDispatcher.DispatchRaw", Answer: 1) { Kind = WorldKind.Features },
        new("a frame that is whole counts as malformed", "NetLoop.Framing.GuardedFramer", "TryRead", "GuardedFramer.IsInside") { Kind = WorldKind.Features },
        new(
            "a text in fragments is not checked",
            "NetLoop.Transports.WebSockets.WebSocketProtocol",
            "ReadPayload",
            "Utf8Checker.TryAdvance",
            Answer: 1) { Kind = WorldKind.Features },
        new(
            "a text may end within a character",
            "NetLoop.Transports.WebSockets.WebSocketProtocol",
            "EndFrame",
            "Utf8Checker.get_IsAtBoundary",
            Answer: 1) { Kind = WorldKind.Features },
        new(
            "a page of anywhere may connect",
            "NetLoop.Framing.WebSockets.UpgradePolicy",
            "GetRejection",
            "UpgradePolicy.IsAllowed",
            Answer: 1) { Kind = WorldKind.Features },
        new(
            "a rate limit never ends",
            Session,
            "NetLoop.Transports.IConnectionOwner.OnBodies",
            "RateLimiter.TryTakeBody",
            Answer: 1) { Kind = WorldKind.Features },
        new("a rate limit knows no burst", Session, "NetLoop.Transports.IConnectionOwner.OnBodies", "RateLimiter.TryTakeBody") { Kind = WorldKind.Features },
        new(
            "handler time has no limit",
            "NetLoop.Handlers.HandlerEnvelope`1",
            "RunTimed",
            "RateLimiter.TryTakeHandlerTime",
            Answer: 1) { Kind = WorldKind.Features },
        new(
            "a member that moved up keeps its old place",
            "NetLoop.Sessions.Groups.GroupPart",
            "RemoveOnLoop",
            "Session.MoveInGroup") { Kind = WorldKind.Features },
        new("a request that is cancelled waits on", "NetLoop.Sessions.SessionRequests", "Cancel", "RequestTracker.End") { Kind = WorldKind.Features },
        new("half of a message that threw is sent", SessionSender, "Write", "Connection.CancelBody") { Kind = WorldKind.Features },
        new("a response that is too large is none", SessionSender, "Respond", "SessionSender.RespondError") { Kind = WorldKind.Features },
        new("a session goes on after a fault", "NetLoop.HandlerTable", "OnFault", "Session.Close") { Kind = WorldKind.Features },
        new("who is refused is not told why", "NetLoop.Sessions.Handshake.ServerHandshake", "Reject", "Session.RejectHello") { Kind = WorldKind.Features },
        new(
            "an address may have any number of connections",
            "NetLoop.Hosting.Server.SessionAcceptor",
            "Serve",
            "AddressLimiter.TryEnter",
            Answer: 1) { Kind = WorldKind.Features },
        new("a packet that was accepted is accepted again", NetcodePacket, "TryOpen", "ReplayWindow.Accept") { Kind = WorldKind.Datagrams },
        new("a packet's number is not compared with the window", NetcodePacket, "TryOpen", "ReplayWindow.IsReplay") { Kind = WorldKind.Datagrams },
        new("the replay window keeps its newest number", ReplayWindow, "Accept", "_newest") { Kind = WorldKind.Datagrams },
        new("a packet is authentic whoever sealed it", NetcodePacket, "TryOpen", "Aead.TryOpen", Answer: 1) { Kind = WorldKind.Datagrams },
        new("a packet number is used twice", NetcodePeer, "Seal", "_nextSequence") { Kind = WorldKind.Datagrams },
        new("what arrives does not keep a peer alive", NetcodePeer, "TryOpen", "NetcodePeer.set_LastReceived") { Kind = WorldKind.Datagrams },
        new("a token may be shown from any address", UsedTokens, "TryShow", "DatagramAddress.op_Equality", Answer: 1) { Kind = WorldKind.Datagrams },
        new("a token opens a second connection", NetcodeServer, "OnResponse", "NetcodeRegistry.TryUseUpToken", Answer: 1) { Kind = WorldKind.Datagrams },
        new("a peer that connects again keeps its former connection", NetcodeServer, "OnResponse", "NetcodeServer.Forget") { Kind = WorldKind.Datagrams },
        new("a peer that says goodbye stays", NetcodeServer, "TryReceive", "NetcodeServer.Forget") { Kind = WorldKind.Datagrams },
        new("requests that were never completed stay pending", NetcodeServer, "TryReceive", "NetcodeServer.ForgetOldPending") { Kind = WorldKind.Datagrams },
        new("segments of a lost packet are not sent again", ReliableLink, "Lose", "ReliableLink.SendAgain") { Kind = WorldKind.Datagrams },
        new("a lost segment is sent again, and no other", SendLane, "Lose", "_lostFrom") { Kind = WorldKind.Datagrams },
        new("nobody notices that the last packet was lost", ReliableLink, "WritePacket", "ReliableLink.OnTimers") { Kind = WorldKind.Datagrams },
        new("packets that are sent are not under way", ReliableLink, "WritePacket", "Congestion.Sent") { Kind = WorldKind.Datagrams },
        new("packets that arrive are not acknowledged", ReliableLink, "OnPacket", "ReliableLink.NoteReceived") { Kind = WorldKind.Datagrams },
        new("what the application had no room for is not offered again", ReliableLink, "Resume", "ReceiveLane.Resume") { Kind = WorldKind.Datagrams },
        new("a link that ends keeps the pieces it received", ReliableLink, "Clear", "ReceiveLane.Clear") { Kind = WorldKind.Datagrams },
        new("a link that ends keeps what it had to send", ReliableLink, "Clear", "SendLane.Clear") { Kind = WorldKind.Datagrams },
        new("pieces of a body that was delivered keep their memory", ReceiveLane, "TryDeliver", "ReceiveLane.Free") { Kind = WorldKind.Datagrams },
        new("a body begins with the pieces of the one before it", ReceiveLane, "TryAssemble", "ReceiveLane.FreeAssembly") { Kind = WorldKind.Datagrams },
        new("a sequenced body may be older than the last", ReceiveLane, "TakeUnreliable", "_lastDelivered") { Kind = WorldKind.Datagrams },
        new("a body that was delivered waits to be delivered", ReceiveLane, "TryTake", "ReceiveLane.MarkDelivered") { Kind = WorldKind.Datagrams },
    ];

    /// <summary>The world that finds the bug.</summary>
    public WorldKind Kind { get; init; } = WorldKind.Swarm;

    public override string ToString() => Name;
}
