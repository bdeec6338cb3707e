using System.Buffers.Binary;
using System.Reflection.Emit;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;
using NetLoop.Tests.Simulation.PlantedBugs;

namespace NetLoop.Tests.Fuzzing;

/// <summary>Changes the engine's compiled code in a copy in memory, so that the engine itself needs no switch for it.</summary>
internal sealed class EngineChange
{
    private const int TokenInstructionBytes = 5;

    private readonly byte[] _image;
    private readonly PEReader _file;
    private readonly MetadataReader _metadata;

    private EngineChange(byte[] assembly)
    {
        _image = (byte[])assembly.Clone();
        _file = new PEReader(new MemoryStream(assembly));
        _metadata = _file.GetMetadataReader();
    }

    /// <summary>Returns the assembly with a method that does not set a field.</summary>
    public static byte[] LeaveStoresOut(byte[] assembly, string type, string method, string field) =>
        new EngineChange(assembly).Change(type, method, (image, offset, code, metadata) =>
        {
            if (code != OpCodes.Stfld || FieldName(metadata, BinaryPrimitives.ReadInt32LittleEndian(image[(offset + 1)..])) != field)
            {
                return false;
            }

            // The value and the object are popped from the stack in any case.
            Span<byte> store = image.Slice(offset, TokenInstructionBytes);
            store.Fill((byte)OpCodes.Nop.Value);
            store[..2].Fill((byte)OpCodes.Pop.Value);
            return true;
        });

    /// <summary>Returns the assembly with a different number in a method.</summary>
    public static byte[] ChangeNumber(byte[] assembly, string type, string method, int from, int to) =>
        new EngineChange(assembly).Change(type, method, (image, offset, code, _) =>
        {
            Span<byte> operand = image[(offset + 1)..];
            if (code != OpCodes.Ldc_I4 || BinaryPrimitives.ReadInt32LittleEndian(operand) != from)
            {
                return false;
            }

            BinaryPrimitives.WriteInt32LittleEndian(operand, to);
            return true;
        });

    private delegate bool Edit(Span<byte> image, int offset, OpCode code, MetadataReader metadata);

    private static string? FieldName(MetadataReader metadata, int token)
    {
        EntityHandle handle = MetadataTokens.EntityHandle(token);
        return handle.Kind == HandleKind.FieldDefinition ? metadata.GetString(metadata.GetFieldDefinition((FieldDefinitionHandle)handle).Name) : null;
    }

    private byte[] Change(string typeName, string methodName, Edit edit)
    {
        int changes = 0;
        foreach (TypeDefinitionHandle typeHandle in _metadata.TypeDefinitions)
        {
            TypeDefinition type = _metadata.GetTypeDefinition(typeHandle);
            if ($"{_metadata.GetString(type.Namespace)}.{_metadata.GetString(type.Name)}" != typeName)
            {
                continue;
            }

            foreach (MethodDefinitionHandle handle in type.GetMethods())
            {
                MethodDefinition method = _metadata.GetMethodDefinition(handle);
                if (_metadata.GetString(method.Name) == methodName && method.RelativeVirtualAddress != 0)
                {
                    (int start, int length) = BodyOf(method);
                    foreach ((int offset, OpCode code) in IntermediateCode.Walk(_image, start, length).ToList())
                    {
                        changes += edit(_image, offset, code, _metadata) ? 1 : 0;
                    }
                }
            }
        }

        return changes > 0 ? _image : throw new InvalidOperationException($"{typeName}.{methodName} has no place for the change: has the engine changed?");
    }

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
