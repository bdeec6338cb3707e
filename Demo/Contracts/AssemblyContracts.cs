using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using NetLoop.Demo.CommandLine;

namespace NetLoop.Demo.Contracts;

/// <summary>Reads the description of an assembly's contracts from its metadata, without loading or running its code.</summary>
internal static class AssemblyContracts
{
    private const string TypeName = "NetContracts";
    private const string DescriptionName = "Description";
    private const string RequestsName = "Requests";

    /// <summary>Reads the contracts of an assembly.</summary>
    /// <exception cref="MistakeException">The file does not exist, is not a .NET assembly, or has no messages.</exception>
    public static ContractSet Read(string path)
    {
        (string? text, string? requests) = FindTexts(path);
        string description = text
            ?? throw new MistakeException(
                $"--assembly '{path}' has no messages of NetLoop; name the assembly whose project has the [NetMessage] types");
        try
        {
            return ContractSet.Parse(description).WithResponses(requests ?? "");
        }
        catch (FormatException error)
        {
            throw new MistakeException($"--assembly '{path}' was built by another version of NetLoop: {error.Message}");
        }
    }

    private static (string? Description, string? Requests) FindTexts(string path)
    {
        try
        {
            using var file = new PEReader(File.OpenRead(path));
            if (!file.HasMetadata)
            {
                throw NotAnAssembly(path);
            }

            MetadataReader metadata = file.GetMetadataReader();
            return metadata.TypeDefinitions
                .Select(metadata.GetTypeDefinition)
                .Where(type => metadata.StringComparer.Equals(type.Name, TypeName))
                .Select(type => (FindText(metadata, type, DescriptionName), FindText(metadata, type, RequestsName)))
                .FirstOrDefault(texts => texts.Item1 is not null);
        }
        catch (BadImageFormatException)
        {
            throw NotAnAssembly(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new MistakeException($"--assembly '{path}' cannot be read: {error.Message} Name a .dll or .exe that was built");
        }
    }

    private static string? FindText(MetadataReader metadata, TypeDefinition type, string name) => type.GetFields()
        .Select(metadata.GetFieldDefinition)
        .Where(field => metadata.StringComparer.Equals(field.Name, name) && field.Attributes.HasFlag(FieldAttributes.Literal))
        .Select(field => ReadString(metadata, field))
        .FirstOrDefault(text => text is not null);

    private static string? ReadString(MetadataReader metadata, FieldDefinition field)
    {
        Constant constant = metadata.GetConstant(field.GetDefaultValue());
        BlobReader value = metadata.GetBlobReader(constant.Value);
        return constant.TypeCode == ConstantTypeCode.String ? value.ReadUTF16(value.Length) : null;
    }

    private static MistakeException NotAnAssembly(string path) =>
        new($"--assembly '{path}' is not a .NET assembly; name the .dll that the project was built to");
}
