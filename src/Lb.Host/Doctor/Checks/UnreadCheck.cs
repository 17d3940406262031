namespace Lb.Host.Doctor.Checks;

/// <summary>Says what could not be looked at, so that silence is not taken for health.</summary>
internal sealed class UnreadCheck : IHostCheck
{
    public IEnumerable<Finding> Examine(Examination host)
    {
        foreach (string unread in host.Facts.Unread)
        {
            yield return Finding.Info(
                "not-checked", "", $"Not looked at: {unread.TrimEnd('.')}.", "What depends on it was not judged.");
        }

        foreach (string name in host.Listed.Where(listed => listed.Xdp is { Ours: null }).Select(listed => listed.Name))
        {
            yield return Finding.Info(
                "not-checked",
                name,
                $"Interface {name} has an XDP program, and whose it is cannot be told without CAP_BPF.",
                "What depends on it was not judged.");
        }
    }
}
