using Microsoft.Extensions.Configuration;

namespace NetLoop;

/// <summary>The keys that a section of the configuration may have, with the options that they set.</summary>
/// <typeparam name="T">The options.</typeparam>
/// <remarks>
/// Written out instead of bound by reflection, so that trimming and native AOT have no effect, a misspelled key is an error, and errors name the key.
/// </remarks>
internal sealed class OptionKeys<T>
{
    private readonly Dictionary<string, Action<T, IConfigurationSection>> _keys = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The keys, for tests.</summary>
    public IEnumerable<string> Names => _keys.Keys;

    /// <summary>Adds a key with a value.</summary>
    /// <param name="key">The name of the option.</param>
    /// <param name="parse">Parses the text of the value.</param>
    /// <param name="set">Sets the option.</param>
    public OptionKeys<T> Add<TValue>(string key, Func<IConfigurationSection, TValue> parse, Action<T, TValue> set) =>
        AddSection(key, (options, section) => set(options, parse(section)));

    /// <summary>Adds a key that has its own keys or items.</summary>
    public OptionKeys<T> AddSection(string key, Action<T, IConfigurationSection> read)
    {
        _keys.Add(key, read);
        return this;
    }

    /// <summary>Sets the options that a section has.</summary>
    /// <exception cref="NetConfigurationException">A key is unknown, or its value is not allowed.</exception>
    public void Read(IConfigurationSection section, T options)
    {
        foreach (IConfigurationSection child in section.GetChildren())
        {
            if (!_keys.TryGetValue(child.Key, out Action<T, IConfigurationSection>? read))
            {
                throw new NetConfigurationException(
                    child.Path, $"{child.Path} is not an option. Options of {section.Path}: {string.Join(", ", _keys.Keys.Order(StringComparer.Ordinal))}.");
            }

            read(options, child);
        }
    }
}
