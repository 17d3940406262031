using Lb.Testing;

namespace Lb.Netns.Tests.Topologies;

/// <summary>What a site left in the BPF file system.</summary>
internal static class Pins
{
    private const string FileSystem = "/sys/fs/bpf";

    /// <summary>Machines without systemd have the BPF file system unmounted.</summary>
    public static void Mount()
    {
        if (Command.Run("stat", "-f", "-c", "%T", FileSystem).Trim() != "bpf_fs")
        {
            Command.Run("mount", "-t", "bpf", "bpf", FileSystem);
        }
    }

    public static string FolderOf(string site) => $"{FileSystem}/lb/{site}";

    /// <summary>Whether anything of the site is pinned.</summary>
    public static bool Exist(string site) => Directory.Exists(FolderOf(site));

    /// <summary>Removes them; the program is detached with its links.</summary>
    public static void Remove(string site)
    {
        if (Exist(site))
        {
            Directory.Delete(FolderOf(site), recursive: true);
        }
    }
}
