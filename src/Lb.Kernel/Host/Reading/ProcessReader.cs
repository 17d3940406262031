namespace Lb.Kernel.Host.Reading;

/// <summary>Reads who other processes are and what they hold.</summary>
internal static class ProcessReader
{
    /// <summary>A process by its id.</summary>
    public static ProcessReference Describe(int id)
    {
        string? network = KernelFile.Link($"/proc/{id}/ns/net");
        return new ProcessReference(
            id,
            KernelFile.Text($"/proc/{id}/comm"),
            network is null ? null : network == KernelFile.Link("/proc/thread-self/ns/net"));
    }

    /// <summary>The process that has a socket open; null when none is found, as without the privilege to look.</summary>
    public static ProcessReference? FindBySocket(string inode)
    {
        string wanted = $"socket:[{inode}]";
        foreach (string directory in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(directory), out int id) && HasOpen(directory, wanted))
            {
                return Describe(id);
            }
        }

        return null;
    }

    private static bool HasOpen(string process, string target)
    {
        try
        {
            return Directory.EnumerateFiles($"{process}/fd").Any(file => KernelFile.Link(file) == target);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false; // it ended meanwhile, or is another user's
        }
    }
}
