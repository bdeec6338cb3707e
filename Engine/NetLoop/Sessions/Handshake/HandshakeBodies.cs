using NetLoop.Messaging;

namespace NetLoop.Sessions.Handshake;

/// <summary>Hello as a request. Without features, the element is left out.</summary>
internal readonly struct HelloBody(uint id, Hello hello) : IBody
{
    public void Write(ref NetWriter writer)
    {
        BodyHeader.WriteRequest(ref writer, id, ControlTypes.Hello);
        writer.WriteArrayHeader(hello.Features == 0 ? 4 : 5);
        writer.Write(hello.Version);
        writer.Write(hello.Fingerprint);
        writer.WriteBinary(hello.Token);
        writer.WriteBinary(hello.Resume);
        if (hello.Features != 0)
        {
            writer.Write(hello.Features);
        }
    }
}

/// <summary>Welcome as a response. Without features, the element is left out.</summary>
internal readonly struct WelcomeBody(uint id, Welcome welcome) : IBody
{
    public void Write(ref NetWriter writer)
    {
        writer.WriteArrayHeader(4);
        writer.Write((int)BodyShape.Response);
        writer.Write(id);
        writer.WriteNil();
        writer.WriteArrayHeader(welcome.Features == 0 ? 5 : 6);
        writer.Write(welcome.SessionId);
        writer.Write(welcome.TickRate);
        writer.Write(welcome.Tick);
        writer.WriteBinary(welcome.ResumeToken);
        writer.Write(welcome.MaxBodyBytes);
        if (welcome.Features != 0)
        {
            writer.Write(welcome.Features);
        }
    }
}
