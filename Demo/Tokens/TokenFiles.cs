using System.Text;
using NetLoop.Demo.CommandLine;

namespace NetLoop.Demo.Tokens;

/// <summary>Files with connect tokens and with their key. Only this user may read them.</summary>
internal static class TokenFiles
{
    // Longer than any of the files; whoever names a large file by mistake gets a message, not a full memory.
    private const int MaxBytes = 64 << 10;

    /// <summary>Reads a key.</summary>
    /// <param name="option">The option that names the file.</param>
    /// <param name="file">Path of the file.</param>
    /// <exception cref="MistakeException">There is no such file, or it is not a key.</exception>
    public static ConnectTokenKey ReadKey(string option, string file)
    {
        try
        {
            return ConnectTokenKey.Parse(Encoding.ASCII.GetString(Read(option, file, "'netloop token --key FILE' makes one")));
        }
        catch (FormatException refusal)
        {
            throw new MistakeException($"{option} {file}: {refusal.Message.TrimEnd('.')}");
        }
    }

    /// <summary>Reads a key, or makes one if the file does not exist.</summary>
    /// <inheritdoc cref="ReadKey"/>
    /// <param name="option">The option that names the file.</param>
    /// <param name="file">Path of the file.</param>
    /// <param name="isNew">Whether it was made.</param>
    public static ConnectTokenKey ReadOrCreateKey(string option, string file, out bool isNew)
    {
        isNew = !File.Exists(file);
        if (!isNew)
        {
            return ReadKey(option, file);
        }

        ConnectTokenKey key = ConnectTokenKey.Create();
        Write(option, file, Encoding.ASCII.GetBytes(key.Export() + '\n'), FileMode.CreateNew);
        return key;
    }

    /// <summary>Reads a token.</summary>
    /// <exception cref="MistakeException">There is no such file, or it is not a token.</exception>
    public static ConnectToken ReadToken(string option, string file)
    {
        try
        {
            return ConnectToken.Parse(Read(option, file, "'netloop token --key FILE --server HOST:PORT --out FILE' makes one"));
        }
        catch (FormatException refusal)
        {
            throw new MistakeException($"{option} {file}: {refusal.Message.TrimEnd('.')}");
        }
    }

    /// <summary>Writes a file.</summary>
    /// <exception cref="MistakeException">The file cannot be written.</exception>
    public static void Write(string option, string file, ReadOnlySpan<byte> content, FileMode mode = FileMode.Create)
    {
        var options = new FileStreamOptions { Mode = mode, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        try
        {
            using var stream = new FileStream(file, options);
            stream.Write(content);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new MistakeException($"{option}: {failure.Message.TrimEnd('.')}");
        }
    }

    private static byte[] Read(string option, string file, string advice)
    {
        if (!File.Exists(file))
        {
            throw new MistakeException($"{option} {file}: there is no such file; {advice}");
        }

        try
        {
            return new FileInfo(file).Length <= MaxBytes
                ? File.ReadAllBytes(file)
                : throw new MistakeException($"{option} {file}: the file is too large; {advice}");
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new MistakeException($"{option} {file}: {failure.Message.TrimEnd('.')}");
        }
    }
}
