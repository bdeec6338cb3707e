namespace NetLoop.Demo.Profile;

/// <summary>The calls that a loop makes to the operating system.</summary>
internal enum StackCall
{
    /// <summary>epoll_wait, epoll_pwait2, ppoll or select.</summary>
    Wait,

    /// <summary>recv.</summary>
    Receive,

    /// <summary>send or sendmsg.</summary>
    Send,

    /// <summary>epoll_ctl.</summary>
    Register,

    /// <summary>accept4.</summary>
    Accept,

    /// <summary>setsockopt: one call for each option of a new connection.</summary>
    Configure,

    /// <summary>close.</summary>
    Close,

    /// <summary>A write to the eventfd that ends a wait.</summary>
    Wake,

    /// <summary>All others: to listen, connect and shut down.</summary>
    Other,
}
