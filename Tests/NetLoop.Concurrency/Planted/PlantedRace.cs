using Mono.Cecil;
using Mono.Cecil.Cil;

namespace NetLoop.Concurrency;

/// <summary>A call of the engine that is removed, and the scenario that must notice.</summary>
/// <param name="Name">The bug in a few words.</param>
/// <param name="Type">Full name of the type with the call.</param>
/// <param name="Method">Name of the method with the call.</param>
/// <param name="Callee">The method that is called, as Type.Method.</param>
/// <param name="Scenario">The scenario that finds the bug.</param>
internal sealed record PlantedRace(string Name, string Type, string Method, string Callee, string Scenario)
{
    private const string Inbox = "NetLoop.Messaging.Inbox";
    private const string CommandQueue = "NetLoop.Messaging.CommandQueue";
    private const string Sends = "NetLoop.Messaging.HandlerSends";
    private const string Handlers = "NetLoop.Hosting.Loop.HandlerThread";
    private const string Offload = "NetLoop.Handlers.OffloadQueue";
    private const string Waker = "NetLoop.Stack.Linux.EventWaker";
    private const string Loop = "NetLoop.EventLoop";

    /// <summary>All of them.</summary>
    public static readonly PlantedRace[] All =
    [
        new("nobody is told of room in the inbox", Inbox, "Done", "Action.Invoke", "Inbox_FullByMessages_CallsForRoom"),
        new(
            "the loop does not look again after it asked for room",
            Inbox,
            "get_HasRoom",
            "Inbox.get_HasRoomNow",
            "Inbox_FullByBytes_CallsForRoom") { Occurrence = 1 },
        new("the loop does not ask to be told of the end", Inbox, "get_IsEmpty", "Inbox.AskForRoomCall", "Inbox_Emptied_TellsTheLoop"),
        new(
            "batches that wait are not tried again",
            Inbox,
            "Publish",
            "Inbox.TryPublishWaiting",
            "Inbox_ControlEnvelopesBeyondTheLimit_ArriveInOrder") { Occurrence = 1 },
        new("what is done is not counted", Inbox, "Done", "Volatile.Write", "Inbox_FullByMessages_CallsForRoomAtTheHalf"),
        new(
            "a writer waits without another look",
            CommandQueue,
            "WriteWhenThereIsRoom",
            "ChannelWriter`1.TryWrite",
            "Outbox_FullOfTwoWriters_EachItemArrivesOnceInOrder"),
        new("room in the command queue is not told", CommandQueue, "Drain", "CommandQueue.CallWaiters", "Outbox_FullOfTwoWriters_EachItemArrivesOnceInOrder"),
        new(
            "the end of the command queue is not told",
            CommandQueue,
            "Complete",
            "CommandQueue.CallWaiters",
            "Outbox_CompletedWhileWritersWait_TellsThemAndKeepsWhatItTook"),
        new(
            "a loop that waits does not hear that its own command queue is full",
            CommandQueue,
            "WriteWithoutWake",
            "CommandQueue.CallReader",
            "Outbox_LoopWaitsForOneThatWaitsForAWriterToIt_GoesOn"),
        new(
            "a loop waits although its own command queue is full",
            CommandQueue,
            "WriteWhenThereIsRoom",
            "CommandQueue.get_CanDrainInsideHandler",
            "Outbox_LoopsThatWaitForEachOtherAndOthersForThem_GoOn"),
        new("a loop that waits does not drain", CommandQueue, "WriteWithoutWake", "CommandQueue.DrainInsideHandler", "Outbox_LoopsThatWaitForEachOther_GoOn"),
        new("room made inside a handler is not told", CommandQueue, "DrainInsideHandler", "CommandQueue.CallWaiters", "Outbox_LoopsThatWaitForEachOther_GoOn"),
        new(
            "all runs inside a handler",
            CommandQueue,
            "DrainInsideHandler",
            "ICommandTarget.get_MayRunInsideHandler",
            "Outbox_ItemsThatMayNotRunInsideAHandler_WaitForItsEnd") { Answer = 1 },
        new(
            "an item overtakes what was sent before",
            CommandQueue,
            "Drain",
            "CommandQueue.CarryOutSends",
            "Sends_WithItemsBetweenThem_ArriveInOrder") { Occurrence = 1 },
        new("a chunk goes on behind an item", CommandQueue, "Write", "HandlerSends.CloseChunk", "Sends_WithItemsBetweenThem_ArriveInOrder"),
        new("the loop is not woken for what handlers sent", Sends, "End", "HandlerSends.WakeLoop", "Sends_OfSeveralRuns_ArriveInOrder"),
        new(
            "a chunk is opened again before it was read",
            Sends,
            "TryOpenChunk",
            "SendChunk.get_IsFree",
            "Sends_MoreThanTheChunksHold_ArriveInOrder") { Answer = 1 },
        new("a chunk that was not taken keeps its memory", Sends, "TryOpenChunk", "SendChunk.Free", "Sends_LoopEndsMeanwhile_GiveEverythingBack"),
        new("the loop is not woken for a handler that blocks", Sends, "WakeLoop", "Action.Invoke", "Sends_OfAHandlerThatBlocks_AreCarriedOutMeanwhile"),
        new("a chunk keeps its memory", "NetLoop.Messaging.SendChunk", "Free", "Lease.Return", "Chunk_ReadWhileItIsWritten_GivesEachBodyOnce"),
        new(
            "the handlers' thread sleeps without another look",
            Handlers,
            "Sleep",
            "Inbox.get_HasBatch",
            "HandlerThread_FallsAsleepWhileSomethingComes_IsWoken"),
        new("the handlers' thread does not say that it sleeps", Handlers, "Sleep", "Volatile.Write", "HandlerThread_FallsAsleepWhileSomethingComes_IsWoken"),
        new(
            "the handlers' thread waits longer than long",
            Handlers,
            "WakeIfItWaitedLong",
            "HandlerThread.Wake",
            "HandlerThread_OwedAWake_IsWokenWhenItWaitedLong"),
        new(
            "the loop sleeps and owes a wake",
            "NetLoop.Hosting.Loop.LoopCore",
            "Wait",
            "HandlerThread.Wake",
            "HandlerThread_AnswersThroughTheLoop_NobodySleepsForEver"),
        new(
            "a worker ends without another look",
            Offload,
            "System.Threading.IThreadPoolWorkItem.Execute",
            "OffloadQueue.StartWorker",
            "Offload_AddedWhileTheOnlyWorkerEnds_IsRun"),
        new(
            "a worker begins that nobody asked for",
            Offload,
            "System.Threading.IThreadPoolWorkItem.Execute",
            "OffloadQueue.TryBegin",
            "Offload_WorkStartedTwice_DoesNotGoBeyondItsWorkers") { Answer = 1 },
        new("a refused message keeps a place", Offload, "TryReserve", "Interlocked.Decrement", "Offload_PlacesComeBack_AsManyAsWereTaken"),
        new(
            "a worker that ends is still counted",
            Offload,
            "System.Threading.IThreadPoolWorkItem.Execute",
            "Interlocked.Decrement",
            "Offload_TwoWorkers_RunEachOnce"),
        new(
            "what the thread pool refused is not tried at the end",
            "NetLoop.Hosting.Loop.WorkStarter",
            "End",
            "WorkStarter.StartKept",
            "WorkStarter_PoolThrows_StartsEachWhenItCan"),
        new(
            "the last holder does not return the memory",
            "NetLoop.Sessions.Groups.SharedBody",
            "Release",
            "Lease.Return",
            "SharedBody_ReleasedByAll_IsReturnedOnce"),
        new(
            "memory is rented without the lock",
            "NetLoop.Buffers.BufferPool",
            "TryRent",
            "ControlledLock.EnterScope",
            "BufferPool_RentedAndReturnedByAll_GivesEachItsOwn"),
        new(
            "memory is returned without the lock",
            "NetLoop.Buffers.BufferPool",
            "Return",
            "ControlledLock.EnterScope",
            "BufferPool_RentedAndReturnedByAll_GivesEachItsOwn"),
        new(
            "a wake does not reach the poller",
            "NetLoop.Transports.ConnectionSet",
            "Wake",
            "IPoller.Wake",
            "Loop_WokenWhileItFallsAsleep_SeesWhatItWasWokenFor"),
        new("a wake writes into whatever has the number", Waker, "Wake", "SafeHandle.DangerousAddRef", "EventWaker_WokenWhileItIsDisposed_TouchesNobodyElse"),
        new("what is said to be posted is not", Loop, "Post", "CommandQueue.Write", "Loop_StoppedFromSeveralThreads_RunsWhatWasPosted") { Answer = 1 },
        new(
            "the command queue takes more after the end",
            Loop,
            "EndCommands",
            "CommandQueue.Complete",
            "LoopWithHandlersThread_StoppedFromSeveralThreads_RunsWhatWasPosted"),
        new("a loop starts twice", Loop, "StartThread", "Interlocked.Exchange", "Loop_StartedTwiceOrStoppedBefore_RunsOnce"),
        new(
            "sessions of two loops have one number",
            "NetLoop.NetServer",
            "NextSessionId",
            "Interlocked.Increment",
            "Server_SessionsOnTwoLoops_HaveIdsOfTheirOwn"),
        new(
            "a connection that is handed over is not served",
            "NetLoop.Hosting.Server.SessionAcceptor",
            "NetLoop.Messaging.ICommandTarget.OnCommand",
            "SessionAcceptor.Serve",
            "Server_HandsConnectionsOver_LosesNone"),
        new(
            "a connection is said to be handed over and is not",
            "NetLoop.Hosting.Server.SessionAcceptor",
            "TryHandOver",
            "CommandQueue.TryWrite",
            "Server_StopsWhileConnectionsAreHandedOver_LeavesNoneOpen") { Answer = 1 },
        new(
            "a loop does not let go of a shared body",
            "NetLoop.Sessions.Groups.GroupPart",
            "NetLoop.Messaging.ICommandTarget.OnCommand",
            "SharedBody.Release",
            "Group_JoinedAndBroadcastToFromOtherThreads_ReachesItsMembersOnce"),
        new(
            "nobody hears that the client is closed",
            "NetLoop.NetClient",
            "NetLoop.Sessions.ISessionHost.OnSessionEnded",
            "Awaited.Complete",
            "Client_EndsWhileTheServerDoes_IsClosed") { Occurrence = 1 },
        new(
            "what another thread sent keeps its lease",
            "NetLoop.Session",
            "NetLoop.Messaging.ICommandTarget.OnCommand",
            "Lease.Return",
            "Session_ClosedByBothSidesAndAThread_EndsOnce"),
        new("nobody hears of an answer", "NetLoop.Messaging.RequestTracker", "End", "Inbox.Add", "Request_AnsweredAndCancelledAtOnce_EndsOneWay"),
        new("the response does not wake the loop", Sends, "End", "HandlerSends.WakeLoop", "Request_OnTwoHandlersThreads_IsAnswered"),
    ];

    /// <summary>Index of the call if the method has several.</summary>
    public int Occurrence { get; init; }

    /// <summary>The value that replaces the result of the call: 0 for false, 1 for true.</summary>
    public int Answer { get; init; }

    /// <summary>Removes the call.</summary>
    /// <exception cref="InvalidOperationException">The engine has changed and has no such call any more.</exception>
    public void Plant(ModuleDefinition engine)
    {
        Instruction[] calls =
        [
            .. from method in engine.GetType(Type)?.Methods ?? []
               where method.Name == Method && method.HasBody
               from instruction in method.Body.Instructions
               where instruction.Operand is MethodReference callee && $"{callee.DeclaringType.Name}.{callee.Name}" == Callee
               select instruction,
        ];
        if (calls.Length <= Occurrence)
        {
            throw new InvalidOperationException($"{Type}.{Method} has no place for '{Name}': has the engine changed?");
        }

        Instruction call = calls[Occurrence];
        MethodDefinition at = engine.GetType(Type).Methods.Single(method => method.HasBody && method.Body.Instructions.Contains(call));
        LeaveOut(engine, at.Body.GetILProcessor(), call);
    }

    public override string ToString() => Name;

    private void LeaveOut(ModuleDefinition engine, ILProcessor code, Instruction call)
    {
        var callee = (MethodReference)call.Operand;
        if (callee.Name == nameof(ControlledLock.EnterScope))
        {
            call.OpCode = OpCodes.Call;
            call.Operand = engine.ImportReference(typeof(ControlledLock).GetMethod(nameof(ControlledLock.EnterNothing)));
            return;
        }

        // Jumps to the call arrive with its arguments on the stack, so the first replacement instruction removes them.
        int arguments = callee.Parameters.Count + (callee.HasThis ? 1 : 0);
        Instruction last = call;
        for (int i = 1; i < arguments; i++)
        {
            code.InsertAfter(last, Instruction.Create(OpCodes.Pop));
        }

        if (callee.ReturnType.MetadataType != MetadataType.Void)
        {
            for (int i = 1; i < arguments; i++)
            {
                last = last.Next;
            }

            bool isLong = callee.ReturnType.MetadataType is MetadataType.Int64 or MetadataType.UInt64;
            code.InsertAfter(last, isLong ? Instruction.Create(OpCodes.Ldc_I8, (long)Answer) : Instruction.Create(OpCodes.Ldc_I4, Answer));
        }

        call.OpCode = arguments > 0 ? OpCodes.Pop : OpCodes.Nop;
        call.Operand = null;
    }
}
