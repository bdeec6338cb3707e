using NetLoop.Demo.CommandLine;

namespace NetLoop.Demo.Contracts;

/// <summary>Compares an assembly's contracts with the lock file, or writes it.</summary>
internal sealed class ContractsCheck(CommandRun run, string assembly, string lockFile)
{
    /// <summary>Compares, or writes.</summary>
    /// <param name="update">Whether to write the lock file even if it exists.</param>
    /// <returns>One of <see cref="ExitCode"/>.</returns>
    public int Run(bool update)
    {
        ContractSet current = AssemblyContracts.Read(assembly);
        ContractSet? locked = ReadLock(canBeReplaced: update);
        IReadOnlyList<ContractChange> changes = locked is null ? [] : ContractComparison.Compare(locked, current);
        bool writes = update || locked is null;
        if (writes)
        {
            WriteLock(current);
        }

        List<ContractChange> breaking = [.. changes.Where(change => change.IsBreaking)];
        foreach (ContractChange change in changes.OrderByDescending(change => change.IsBreaking))
        {
            run.Output.WriteLine(change);
        }

        run.Summarize(
            new ContractsSummary(
                current.FingerprintText,
                writes,
                [.. changes.Where(change => !change.IsBreaking).Select(change => $"{change.Contract}: {change.What}")],
                [.. breaking.Select(change => $"{change.Contract}: {change.What}")]),
            SummaryJson.Default.ContractsSummary,
            Conclusion(current, locked, writes, breaking.Count, changes.Count));
        return breaking.Count > 0 && !writes ? ExitCode.Failure : ExitCode.Success;
    }

    private string Conclusion(ContractSet current, ContractSet? locked, bool writes, int breaking, int changes)
    {
        string fingerprint = current.FingerprintText;
        if (writes)
        {
            return $"{lockFile} was written: {current.Contracts.Count} contracts, fingerprint {fingerprint}";
        }

        if (breaking > 0)
        {
            return $"{breaking} of {changes} changes break programs that have the contracts of {lockFile}. "
                + "Undo them, or accept them with --update";
        }

        return current.Fingerprint == locked!.Fingerprint
            ? $"Nothing changed: {current.Contracts.Count} contracts, fingerprint {fingerprint}"
            : $"Old programs can talk to new ones. Put the changes into {lockFile} with --update. Fingerprint {fingerprint}";
    }

    private ContractSet? ReadLock(bool canBeReplaced)
    {
        try
        {
            return File.Exists(lockFile) ? ContractSet.Parse(File.ReadAllText(lockFile)) : null;
        }
        catch (FormatException) when (canBeReplaced)
        {
            return null;
        }
        catch (FormatException error)
        {
            throw new MistakeException($"--lock '{lockFile}' is not a lock file: {error.Message}; rewrite it with --update");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new MistakeException($"--lock '{lockFile}' cannot be read: {error.Message}");
        }
    }

    private void WriteLock(ContractSet contracts)
    {
        string text = $"""
            # The contracts of {Path.GetFileNameWithoutExtension(assembly)}: what its messages look like on the wire.
            # Written by 'netloop contracts check --update'; keep it in the repository, so that every change of it is seen.
            # fingerprint {contracts.FingerprintText}

            """.ReplaceLineEndings("\n");
        try
        {
            File.WriteAllText(lockFile, text + contracts.Description);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new MistakeException($"--lock '{lockFile}' cannot be written: {error.Message}");
        }
    }
}
