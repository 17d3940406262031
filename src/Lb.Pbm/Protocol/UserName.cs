namespace Lb.Pbm.Protocol;

/// <summary>Who is at work, for the host's history.</summary>
internal static class UserName
{
    private const int Longest = 64;

    /// <summary>The login name: of the person behind sudo, if there is one.</summary>
    public static string Text { get; } = Clean(
        Environment.GetEnvironmentVariable("SUDO_USER") is { Length: > 0 } person ? person : Environment.UserName);

    /// <summary>A name that can stand in a header.</summary>
    internal static string Clean(string name)
    {
        string clean = string.Concat(name.Where(c => char.IsAscii(c) && !char.IsControl(c)).Take(Longest)).Trim();
        return clean.Length > 0 ? clean : "unknown";
    }
}
