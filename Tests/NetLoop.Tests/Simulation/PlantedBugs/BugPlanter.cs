using System.Buffers.Binary;
using System.Reflection.Emit;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;

namespace NetLoop.Tests.Simulation.PlantedBugs;

/// <summary>Plants a bug into the engine's compiled assembly, in a copy in memory, so that the engine itself needs no switch for it.</summary>
internal sealed class BugPlanter
{
    private const int CallBytes = 5;

    /// <summary>Stands for the name of a generic type.</summary>
    private const string AnyGeneric = "?";

    private readonly byte[] _image;
    private readonly PEReader _file;
    private readonly MetadataReader _metadata;

    private BugPlanter(byte[] image)
    {
        _image = image;
        _file = new PEReader(new MemoryStream((byte[])image.Clone()));
        _metadata = _file.GetMetadataReader();
    }

    /// <summary>Returns the assembly with the bug.</summary>
    /// <exception cref="InvalidOperationException">The engine has changed, and the place no longer exists.</exception>
    public static byte[] Plant(byte[] assembly, PlantedBug bug)
    {
        byte[] image = (byte[])assembly.Clone();
        int changes = new BugPlanter(image).Change(bug);
        return changes > 0
            ? image
            : throw new InvalidOperationException($"{bug.Type}.{bug.Method} has no place for the bug '{bug.Name}': has the engine changed?");
    }

    private int Change(PlantedBug bug)
    {
        int changes = 0;
        foreach (MethodDefinitionHandle handle in MethodsOf(bug))
        {
            (int start, int length) = BodyOf(_metadata.GetMethodDefinition(handle));
            OpCode before = OpCodes.Nop;
            foreach ((int offset, OpCode code) in IntermediateCode.Walk(_image, start, length).ToList())
            {
                if (bug.Callee.Length == 0 && before == OpCodes.Ldind_U4 && code == OpCodes.Ldc_I4_1)
                {
                    _image[offset] = (byte)OpCodes.Ldc_I4_0.Value;
                    changes++;
                }
                else if (code == OpCodes.Stfld && NameOfField(offset) == bug.Callee)
                {
                    // The value and its object are popped from the stack, and nothing is stored.
                    Span<byte> store = _image.AsSpan(offset, CallBytes);
                    store.Fill((byte)OpCodes.Nop.Value);
                    store[..2].Fill((byte)OpCodes.Pop.Value);
                    changes++;
                }
                else if (bug.Callee.Length > 0 && (code == OpCodes.Call || code == OpCodes.Callvirt))
                {
                    changes += TrySkip(offset, bug) ? 1 : 0;
                }

                before = code;
            }
        }

        return changes;
    }

    /// <summary>Replaces a call: pops its arguments from the stack and pushes a result.</summary>
    private bool TrySkip(int offset, PlantedBug bug)
    {
        EntityHandle callee = MetadataTokens.EntityHandle(BinaryPrimitives.ReadInt32LittleEndian(_image.AsSpan(offset + 1)));
        if (Describe(callee) is not { } target || target.Name != bug.Callee)
        {
            return false;
        }

        BlobReader signature = _metadata.GetBlobReader(target.Signature);
        SignatureHeader header = signature.ReadSignatureHeader();
        int arguments = signature.ReadCompressedInteger() + (header.IsInstance ? 1 : 0);
        bool hasAnswer = signature.ReadSignatureTypeCode() != SignatureTypeCode.Void;
        Span<byte> call = _image.AsSpan(offset, CallBytes);
        call.Fill((byte)OpCodes.Nop.Value);
        call[..arguments].Fill((byte)OpCodes.Pop.Value);
        if (hasAnswer)
        {
            call[arguments] = (byte)(OpCodes.Ldc_I4_0.Value + bug.Answer);
        }

        return true;
    }

    /// <summary>Returns the engine's field that an instruction stores to; null if it belongs to another assembly.</summary>
    private string? NameOfField(int offset)
    {
        EntityHandle field = MetadataTokens.EntityHandle(BinaryPrimitives.ReadInt32LittleEndian(_image.AsSpan(offset + 1)));
        return field.Kind switch
        {
            HandleKind.FieldDefinition => _metadata.GetString(_metadata.GetFieldDefinition((FieldDefinitionHandle)field).Name),
            HandleKind.MemberReference => _metadata.GetString(_metadata.GetMemberReference((MemberReferenceHandle)field).Name),
            _ => null,
        };
    }

    private (string Name, BlobHandle Signature)? Describe(EntityHandle handle)
    {
        if (handle.Kind == HandleKind.MethodSpecification)
        {
            handle = _metadata.GetMethodSpecification((MethodSpecificationHandle)handle).Method;
        }

        if (handle.Kind == HandleKind.MemberReference)
        {
            // A field of another assembly, or of a generic type.
            MemberReference reference = _metadata.GetMemberReference((MemberReferenceHandle)handle);
            string parent = reference.Parent.Kind == HandleKind.TypeReference
                ? _metadata.GetString(_metadata.GetTypeReference((TypeReferenceHandle)reference.Parent).Name)
                : AnyGeneric;
            return ($"{parent}.{_metadata.GetString(reference.Name)}", reference.Signature);
        }

        if (handle.Kind != HandleKind.MethodDefinition)
        {
            return null;
        }

        MethodDefinition method = _metadata.GetMethodDefinition((MethodDefinitionHandle)handle);
        TypeDefinition type = _metadata.GetTypeDefinition(method.GetDeclaringType());
        return ($"{_metadata.GetString(type.Name)}.{_metadata.GetString(method.Name)}", method.Signature);
    }

    private IEnumerable<MethodDefinitionHandle> MethodsOf(PlantedBug bug) =>
        from typeHandle in _metadata.TypeDefinitions
        let type = _metadata.GetTypeDefinition(typeHandle)
        where $"{_metadata.GetString(type.Namespace)}.{_metadata.GetString(type.Name)}" == bug.Type
        from method in type.GetMethods()
        where _metadata.GetString(_metadata.GetMethodDefinition(method).Name) == bug.Method && _metadata.GetMethodDefinition(method).RelativeVirtualAddress != 0
        select method;

    /// <summary>The position of the method's code in the file; ECMA-335, II.25.4.</summary>
    private (int Start, int Length) BodyOf(MethodDefinition method)
    {
        PEHeaders headers = _file.PEHeaders;
        SectionHeader section = headers.SectionHeaders[headers.GetContainingSectionIndex(method.RelativeVirtualAddress)];
        int header = method.RelativeVirtualAddress - section.VirtualAddress + section.PointerToRawData;
        bool isTiny = (_image[header] & 3) == 2;
        return isTiny
            ? (header + 1, _image[header] >> 2)
            : (header + 12, BinaryPrimitives.ReadInt32LittleEndian(_image.AsSpan(header + 4)));
    }
}
