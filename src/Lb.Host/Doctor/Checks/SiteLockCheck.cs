using Lb.Kernel.Host;

namespace Lb.Host.Doctor.Checks;

/// <summary>The site's lock is free, or held by the process that runs the site here.</summary>
internal sealed class SiteLockCheck : IHostCheck
{
    private const string Why = "A site is kept to one process on a host; lbd does not start while another has the lock.";

    public IEnumerable<Finding> Examine(Examination host)
    {
        SiteFacts site = host.Facts.Site;
        if (site.LockHolder is not { } holder)
        {
            yield break;
        }

        if (host.Runner is null)
        {
            yield return Finding.Error(
                "site-lock",
                site.LockPath,
                $"The lock of site {host.Site.Name} is held by {holder}, which is no lbd.",
                Why,
                $"end it with 'kill {holder.Id}', if it is not needed");
        }
        else if (holder.SharesNetwork == false)
        {
            yield return Finding.Error(
                "site-lock",
                site.LockPath,
                $"Site {host.Site.Name} is run by {holder} in another network namespace.",
                Why,
                "stop that one, or give one of the two another lb.site");
        }
        else
        {
            yield return Finding.Info(
                "running",
                host.Site.Name,
                holder.Id == host.Facts.Process.Id
                    ? $"This process, {holder}, runs site {host.Site.Name}."
                    : $"Site {host.Site.Name} is run by {holder}.",
                "A second start would be refused; the checks look at what it uses.");
        }
    }
}
