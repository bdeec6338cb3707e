namespace NetLoop.Transports.Datagrams.Netcode;

/// <summary>The types of netcode packets, in the low four bits of their first byte.</summary>
internal enum NetcodePacketType : byte
{
    Request = 0,
    Denied = 1,
    Challenge = 2,
    Response = 3,
    KeepAlive = 4,
    Payload = 5,
    Disconnect = 6,
}
