namespace NetLoop;

/// <summary>Why a packet on a UDP socket was dropped.</summary>
public enum PacketRejection
{
    /// <summary>It was not dropped.</summary>
    None,

    /// <summary>It is no packet of netcode 1.02: wrong type, length or version.</summary>
    Malformed,

    /// <summary>It came from an address that has no connection. A client that leaves says so ten times, of which the last nine count here.</summary>
    UnknownSender,

    /// <summary>It was not encrypted with the keys of its connection: forged, damaged, or of an earlier connection.</summary>
    NotAuthentic,

    /// <summary>It has arrived before, or is too old to tell: a network or an attacker duplicated it.</summary>
    Replayed,

    /// <summary>It is a connection request whose token is expired, for another server or protocol, not authentic, or used.</summary>
    InvalidToken,
}
