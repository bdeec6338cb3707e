namespace NetLoop;

/// <summary>The ways in which the simulated operating system and network go wrong. Each draws from a random stream of its own.</summary>
public enum FaultClass
{
    /// <summary>accept: EMFILE or ENFILE.</summary>
    AcceptTooManyFiles,

    /// <summary>accept: ENOBUFS or ENOMEM.</summary>
    AcceptNoBuffers,

    /// <summary>accept: ECONNABORTED; the connection is gone.</summary>
    AcceptAborted,

    /// <summary>accept: EPERM, as a firewall answers; the connection is gone.</summary>
    AcceptDenied,

    /// <summary>accept: EINTR.</summary>
    AcceptInterrupted,

    /// <summary>connect: ECONNREFUSED.</summary>
    ConnectRefused,

    /// <summary>connect: ETIMEDOUT, late.</summary>
    ConnectTimedOut,

    /// <summary>connect: accepted, then reset before the client learns of it.</summary>
    ConnectReset,

    /// <summary>connect: ENETUNREACH at once.</summary>
    ConnectUnreachable,

    /// <summary>connect: EADDRNOTAVAIL, no ephemeral port.</summary>
    ConnectNoAddress,

    /// <summary>connect: EINPROGRESS, then EHOSTUNREACH.</summary>
    ConnectFailsLater,

    /// <summary>recv: fewer bytes than are there.</summary>
    ReceivePartial,

    /// <summary>recv: EAGAIN although readable.</summary>
    ReceiveWouldBlock,

    /// <summary>recv: EINTR.</summary>
    ReceiveInterrupted,

    /// <summary>recv: ECONNRESET; both sides lose the connection.</summary>
    ReceiveReset,

    /// <summary>recv: ETIMEDOUT; the other side notices when it sends.</summary>
    ReceiveTimedOut,

    /// <summary>send: fewer bytes than there is room for.</summary>
    SendPartial,

    /// <summary>send: EAGAIN although writable.</summary>
    SendWouldBlock,

    /// <summary>send: EINTR.</summary>
    SendInterrupted,

    /// <summary>send: EPIPE; both sides lose the connection.</summary>
    SendBrokenPipe,

    /// <summary>send: ECONNRESET; both sides lose the connection.</summary>
    SendReset,

    /// <summary>send: ENOBUFS.</summary>
    SendNoBuffers,

    /// <summary>wait: EINTR, nothing reported.</summary>
    PollInterrupted,

    /// <summary>wait: an event for a socket that is not ready.</summary>
    PollSpurious,

    /// <summary>wait: an event for a socket that was removed before.</summary>
    PollStale,

    /// <summary>wait: an event is reported late.</summary>
    PollLate,

    /// <summary>wait: ready sockets in another order.</summary>
    PollShuffled,

    /// <summary>register: ENOBUFS or ENOMEM.</summary>
    RegisterNoBuffers,

    /// <summary>network: a stream arrives in other pieces than it was sent in.</summary>
    LinkRechunked,

    /// <summary>network: a lost segment, which TCP sends again after its timeout.</summary>
    LinkLoss,

    /// <summary>network: nothing passes between two hosts for a while.</summary>
    LinkDown,

    /// <summary>time: the wall clock jumps.</summary>
    WallClockStep,

    /// <summary>time: a host's clock is faster or slower than others.</summary>
    ClockDrift,

    /// <summary>host: nothing runs for a while, as during a garbage collection or on a busy machine.</summary>
    HostPause,

    /// <summary>host: the process dies; its kernel closes the sockets. It starts again.</summary>
    ProcessCrash,

    /// <summary>host: the machine loses power without closing its connections. It starts again.</summary>
    PowerLoss,

    /// <summary>host: the process stops reading for a while.</summary>
    SlowConsumer,

    /// <summary>host: the buffer pool is empty for a while.</summary>
    PoolExhausted,

    /// <summary>host: no descriptor is free for a while.</summary>
    DescriptorsExhausted,

    /// <summary>memory: the runtime cannot allocate another slab of the buffer pool.</summary>
    AllocationFailed,

    /// <summary>host: one thread of a process stands still for a while, and the others run.</summary>
    ThreadStall,

    /// <summary>poller: epoll_ctl(EPOLL_CTL_MOD) or a similar call fails with ENOMEM.</summary>
    ModifyNoBuffers,

    /// <summary>log: writing a line takes long.</summary>
    LogSlow,

    /// <summary>log: writing a line throws, as on a disk that is full.</summary>
    LogFailed,

    /// <summary>poller: there is no descriptor for a new poller when a process starts.</summary>
    PollerNoDescriptors,

    /// <summary>network: nothing passes in one direction for a while; the other direction works.</summary>
    LinkHalfDown,

    /// <summary>network: a device on the path forgets a connection; one side learns of it at once, the other much later.</summary>
    LinkReset,

    /// <summary>datagrams: one is lost.</summary>
    DatagramLoss,

    /// <summary>datagrams: several in a row are lost.</summary>
    DatagramBurstLoss,

    /// <summary>datagrams: one arrives twice.</summary>
    DatagramDuplicated,

    /// <summary>datagrams: one is held back for up to 100 ms, so that later ones overtake it.</summary>
    DatagramReordered,

    /// <summary>datagrams: one arrives with up to three bits changed.</summary>
    DatagramCorrupted,

    /// <summary>datagrams: only the beginning of one arrives.</summary>
    DatagramTruncated,

    /// <summary>datagrams: a recorded one arrives again, up to ten seconds later.</summary>
    DatagramReplayed,

    /// <summary>datagrams: somebody sends a copy of one from another address, or one with changed bytes from the same address.</summary>
    DatagramSpoofed,

    /// <summary>datagrams: a connected socket is told that the peer's port is closed (ICMP), although it is open.</summary>
    DatagramRefused,

    /// <summary>datagrams: the path drops long ones for a while without saying so.</summary>
    DatagramBlackHole,

    /// <summary>datagrams: the receive buffer of a socket is full.</summary>
    DatagramOverflow,

    /// <summary>recvmmsg: fewer datagrams than wait.</summary>
    DatagramReceivePartial,

    /// <summary>recvmmsg: EAGAIN although a datagram waits.</summary>
    DatagramReceiveWouldBlock,

    /// <summary>sendmmsg: fewer datagrams than there is room for.</summary>
    DatagramSendPartial,

    /// <summary>sendmmsg: EAGAIN; the send buffer is full for up to 20 ms.</summary>
    DatagramSendWouldBlock,

    /// <summary>sendmmsg: ENOBUFS, the queue of the device is full.</summary>
    DatagramSendNoBuffers,

    /// <summary>sendmmsg: EPERM, as a firewall answers.</summary>
    DatagramSendDenied,

    /// <summary>sendmmsg: EMSGSIZE for a long datagram that must not be fragmented.</summary>
    DatagramSendTooLong,

    /// <summary>network: a client's router gives its datagram flows another address or port; the old ones are dead.</summary>
    AddressChanged,
}
