namespace Lb.Netns.Tests.Topologies;

/// <summary>What a site left in the BPF file system.</summary>
internal static class Pins
{
    /// <summary>Whether anything of the site is pinned.</summary>
    public static bool Exist(string site) => Directory.Exists(FolderOf(site));

    /// <summary>Removes them and the site's lock; the program is detached with its links.</summary>
    public static void Remove(string site)
    {
        if (Exist(site))
        {
            Directory.Delete(FolderOf(site), recursive: true);
        }

        File.Delete($"/run/lb/{site}.lock");
    }

    private static string FolderOf(string site) => $"/sys/fs/bpf/lb/{site}";
}
