using Mono.Cecil;
using Mono.Cecil.Cil;
using Mono.Cecil.Rocks;
using NetLoop.Mutations.Places;

namespace NetLoop.Mutations.Nets;

/// <summary>
/// Creates one engine with many bugs and a switch: each bug is in a copy of its method, which the method calls while the bug is
/// switched on.
/// </summary>
/// <remarks>With it, the nets start once for many bugs. Constructors and generic methods cannot be copied; their bugs get separate engines.</remarks>
internal sealed class BugSwitch
{
    private const string TypeName = "NetLoop.MutationSwitch";
    private const string FieldName = "Active";

    private readonly EngineImage _image;
    private readonly FieldDefinition _active;
    private readonly List<(MethodDefinition Method, MethodDefinition Copy, int Number)> _copies = [];

    public BugSwitch(EngineImage image)
    {
        _image = image;
        ModuleDefinition module = image.Module;
        _active = new(FieldName, FieldAttributes.Public | FieldAttributes.Static, module.TypeSystem.Int32);
        TypeDefinition type = new(
            "NetLoop", TypeName["NetLoop.".Length..], TypeAttributes.Public | TypeAttributes.Abstract | TypeAttributes.Sealed | TypeAttributes.BeforeFieldInit,
            module.TypeSystem.Object);
        type.Fields.Add(_active);
        module.Types.Add(type);
    }

    /// <summary>Switches on one bug of the engine loaded in this process, and all others off. Zero is the engine without bugs.</summary>
    public static void TurnOn(int number) => typeof(NetServer).Assembly.GetType(TypeName)?.GetField(FieldName)!.SetValue(null, number);

    /// <summary>Adds a bug.</summary>
    /// <param name="id">The place of the bug.</param>
    /// <param name="number">The number that switches it on; not zero.</param>
    /// <returns>Whether that was possible.</returns>
    public bool TryAdd(string id, int number)
    {
        MethodDefinition? method = PlaceFinder.MethodOf(_image, id);
        if (method is null
            || method.IsConstructor
            || method.HasGenericParameters
            || method.ReturnType.IsByReference
            || method.CallingConvention == MethodCallingConvention.VarArg)
        {
            return false;
        }

        MethodDefinition copy = Copy(method, number);
        if (!PlaceFinder.ApplyTo(copy, id))
        {
            method.DeclaringType.Methods.Remove(copy);
            return false;
        }

        _copies.Add((method, copy, number));
        return true;
    }

    /// <summary>The engine with all bugs that were added.</summary>
    public byte[] ToBytes()
    {
        foreach ((MethodDefinition method, MethodDefinition copy, int number) in _copies)
        {
            AddSwitch(method, copy, number);
        }

        return _image.ToBytes();
    }

    private static MethodDefinition Copy(MethodDefinition method, int number)
    {
        const MethodAttributes Kept = MethodAttributes.Static | MethodAttributes.HideBySig;
        MethodDefinition copy = new($"<{number}>{method.Name}", (method.Attributes & Kept) | MethodAttributes.Private, method.ReturnType)
        {
            HasThis = method.HasThis,
            ExplicitThis = method.ExplicitThis,
        };
        foreach (ParameterDefinition parameter in method.Parameters)
        {
            copy.Parameters.Add(new ParameterDefinition(parameter.Name, parameter.Attributes, parameter.ParameterType));
        }

        method.DeclaringType.Methods.Add(copy);
        new BodyCopy(method, copy).Make();
        return copy;
    }

    private void AddSwitch(MethodDefinition method, MethodDefinition copy, int number)
    {
        method.Body.SimplifyMacros();
        ILProcessor processor = method.Body.GetILProcessor();
        Instruction first = method.Body.Instructions[0];
        processor.InsertBefore(first, processor.Create(OpCodes.Ldsfld, _active));
        processor.InsertBefore(first, processor.Create(OpCodes.Ldc_I4, number));
        processor.InsertBefore(first, processor.Create(OpCodes.Bne_Un, first));
        if (method.HasThis)
        {
            processor.InsertBefore(first, processor.Create(OpCodes.Ldarg, method.Body.ThisParameter));
        }

        foreach (ParameterDefinition parameter in method.Parameters)
        {
            processor.InsertBefore(first, processor.Create(OpCodes.Ldarg, parameter));
        }

        processor.InsertBefore(first, processor.Create(OpCodes.Call, Reference(copy)));
        processor.InsertBefore(first, processor.Create(OpCodes.Ret));
        method.Body.OptimizeMacros();
    }

    // Within a generic type, its methods are referenced through the type with its own parameters.
    private static MethodReference Reference(MethodDefinition copy)
    {
        if (!copy.DeclaringType.HasGenericParameters)
        {
            return copy;
        }

        GenericInstanceType type = new(copy.DeclaringType);
        foreach (GenericParameter parameter in copy.DeclaringType.GenericParameters)
        {
            type.GenericArguments.Add(parameter);
        }

        MethodReference reference = new(copy.Name, copy.ReturnType, type) { HasThis = copy.HasThis, ExplicitThis = copy.ExplicitThis };
        foreach (ParameterDefinition parameter in copy.Parameters)
        {
            reference.Parameters.Add(new ParameterDefinition(parameter.ParameterType));
        }

        return reference;
    }
}
