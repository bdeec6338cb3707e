namespace NetLoop;

/// <summary>The form of one type: set when the type is added, or found if it is a contract.</summary>
internal static class ForeignType<T>
{
    private static MessageForm<T>? _form;

    /// <summary>How values of the type are written and read.</summary>
    /// <exception cref="InvalidOperationException">The type was not added, and is not a contract.</exception>
    public static MessageForm<T> Form => Volatile.Read(ref _form) ?? Find();

    /// <summary>Whether it was added.</summary>
    public static SerializedForm<T>? Added
    {
        get => Volatile.Read(ref _form) as SerializedForm<T>;
        set => Volatile.Write(ref _form, value);
    }

    /// <summary>Whether it is a contract, which has its own form.</summary>
    public static bool IsContract => Implements(typeof(INetContract<>));

    /// <summary>The exception for sending a type as a message that was added only for responses.</summary>
    public static InvalidOperationException WithoutNumber()
    {
        string name = TypeText.Of(typeof(T));
        return new InvalidOperationException(IsContract
            ? $"{name} is a contract without a number, which travels inside messages or as a response; mark it [NetMessage] to send it."
            : $"{name} has no number and can only be a response. To send it as a message or request, add it with one: o.Messages.Add<{name}>(200).");
    }

    private static MessageForm<T> Find()
    {
        string name = TypeText.Of(typeof(T));
        if (!IsContract)
        {
            throw new InvalidOperationException(
                $"{name} is not a contract, and was not added to the types that can be sent. Add it to the options of server and client: "
                    + $"o.Messages.Add<{name}>(200).");
        }

        Type form = Implements(typeof(INetMessage<>)) ? typeof(NumberedForm<>) : typeof(ContractForm<>);
        var found = (MessageForm<T>)Activator.CreateInstance(form.MakeGenericType(typeof(T)))!;
        Volatile.Write(ref _form, found);
        return found;
    }

    private static bool Implements(Type contract) => Array.Exists(
        typeof(T).GetInterfaces(),
        implemented => implemented.IsGenericType && implemented.GetGenericTypeDefinition() == contract && implemented.GenericTypeArguments[0] == typeof(T));
}
