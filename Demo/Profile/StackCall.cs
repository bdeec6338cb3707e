namespace NetLoop.Demo.Profile;

/// <summary>What a loop asks its operating system for.</summary>
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

    /// <summary>Listening, connecting, shutting down.</summary>
    Other,
}
