namespace NetLoop;

/// <summary>A contract as the request or response of a pair whose other type is not a contract.</summary>
internal class ContractForm<T> : MessageForm<T>
    where T : INetContract<T>
{
    public override int? Number => null;

    public override void Write(ref NetWriter writer, in T value) => T.Write(ref writer, in value);

    public override bool TryRead(ref NetReader reader, out T value) => T.TryRead(ref reader, out value!);
}

/// <summary>A contract with a number.</summary>
internal sealed class NumberedForm<T> : ContractForm<T>
    where T : INetMessage<T>
{
    public override int? Number => T.MessageType;
}
