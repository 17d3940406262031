using System.Globalization;
using Lb.Cluster.Certificates;
using Lb.Kernel.Host;

namespace Lb.Host.Doctor.Checks;

/// <summary>The certificate that a node shows others of its cluster can be used, and for a while yet.</summary>
internal sealed class ClusterCertificateCheck : IHostCheck
{
    private const string Code = "cluster-certificate";
    private const string Replace =
        "make another in its place with 'pbm cluster cert node --force'; a running lbd reads it by itself";

    /// <summary>What renews certificates does it earlier: less than this means that it does not.</summary>
    private static readonly TimeSpan s_soon = TimeSpan.FromDays(14);

    public IEnumerable<Finding> Examine(Examination host) =>
        host.Node.Cluster?.Tls is { } files && host.Facts.ClusterCertificate is { } facts
            && Judge(files, facts) is { } finding
            ? [finding]
            : [];

    private static Finding? Judge(CertificateFiles files, CertificateFacts facts) => facts switch
    {
        { Problem: { } problem } => Finding.Error(
            Code,
            files.Certificate,
            $"The certificate {files.Certificate} (lb.cluster.tls) cannot be used: {problem}.",
            "lbd does not start with it.",
            "correct the paths, or who may read the files; 'pbm cluster cert show FILE' tells what is in them"),
        { Until: { } until } when until <= facts.ReadAt => Finding.Error(
            Code,
            files.Certificate,
            $"The certificate {files.Certificate} (lb.cluster.tls) has expired at {Time(until)}.",
            "The other nodes refuse this one, and give it up.",
            Replace),
        { From: { } from } when from > facts.ReadAt => Finding.Error(
            Code,
            files.Certificate,
            $"The certificate {files.Certificate} (lb.cluster.tls) does not hold before {Time(from)}.",
            "The other nodes refuse this one until then.",
            $"see that the clock is right; else {Replace}"),
        { Until: { } until } when until - facts.ReadAt <= s_soon => Finding.Warning(
            Code,
            files.Certificate,
            $"The certificate {files.Certificate} (lb.cluster.tls) ends at {Time(until)}, in {Left(until - facts.ReadAt)}.",
            "From then on the other nodes refuse this one, and give it up.",
            Replace),
        _ => null,
    };

    private static string Left(TimeSpan left) =>
        left.TotalDays >= 2 ? $"{(int)left.TotalDays} days" : $"{(int)left.TotalHours} h";

    private static string Time(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd HH:mm'Z'", CultureInfo.InvariantCulture);
}
