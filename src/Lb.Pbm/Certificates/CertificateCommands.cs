using System.Formats.Asn1;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Lb.Pbm.Calls;
using Lb.Pbm.CommandLine;
using Lb.Pbm.Editing;
using Lb.Pbm.Output;
using Lb.Pbm.Protocol;

namespace Lb.Pbm.Certificates;

/// <summary>
/// <c>cluster cert</c>: makes certificates of a cluster's nodes, and shows them. It asks no node, since without
/// certificates there is none yet.
/// </summary>
internal static class CertificateCommands
{
    private const int LongestName = 32;
    private const int MostDays = 36_500;

    private static readonly Argument Out = new(
        "out", Description: "Folder to write to; it is made when it is not there.", Mandatory: true);

    private static readonly Argument Force = new("force", "flag", Description: "Write over what is there, as to renew.");

    private static readonly Argument Files = new(
        "file", Description: "PEM file of certificates.", Mandatory: true, Repeatable: true, Positional: true);

    /// <summary>The commands, as help and completion tell them.</summary>
    public static Palette Palette { get; } = new(
        "cluster cert",
        [
            new Command(
                "ca",
                [
                    new("name", Description: "The cluster's name, as lb.cluster.name has it.", Mandatory: true),
                    Out,
                    new("days", "number", Description: "How long it holds.", Default: "3650"),
                    Force,
                ],
                $"Makes an authority: {CertificateFolder.AuthorityFile}, which all nodes have, and {CertificateFolder.AuthorityKeyFile}, which is to stay off them."),
            new Command(
                "node",
                [
                    new("ca", Description: "Folder of the authority.", Mandatory: true),
                    new("host", Description: "The node's IP address, as lb.cluster.host has it.", Mandatory: true, Repeatable: true),
                    Out,
                    new("days", "number", Description: "How long it holds; not longer than the authority.", Default: "365"),
                    Force,
                ],
                $"Makes a node's certificate: {CertificateFolder.NodeFile} and {CertificateFolder.NodeKeyFile}, and {CertificateFolder.AuthorityFile} beside them."),
            new Command("show", [Files], "Shows what certificates are for, and until when.", Changes: false),
        ],
        "Certificates by which the nodes of a cluster know each other, made and shown without a node.");

    private static Catalogue Own => new([Palette]);

    /// <summary>Whether words are for these commands.</summary>
    public static bool Takes(IReadOnlyList<string> words) => words is ["cluster", "cert", ..] or [RequestParser.Help, "cluster", "cert", ..];

    /// <summary>A host's commands with these where a person looks for them.</summary>
    public static Catalogue Offer(Catalogue catalogue) => new(
    [
        .. catalogue.Palettes.Select(palette => palette.Name != "cluster" ? palette : palette with
        {
            Commands =
            [
                .. palette.Commands,
                new Command(
                    "cert",
                    [new("command", Positional: true) { Hints = [.. Palette.Commands.Select(c => c.Name)] }],
                    $"{Palette.Description} 'cluster cert help' tells more."),
            ],
        }),
    ]);

    /// <summary>How a line could go on.</summary>
    public static IReadOnlyList<string> Complete(IReadOnlyList<string> words, string typed) =>
        Completer.Complete(Own, [Palette.Name, .. words.Skip(2)], typed);

    /// <summary>What a line of words asks for; what is wrong with them is thrown.</summary>
    public static Request Parse(IReadOnlyList<string> words, ClientOptions options) => words switch
    {
        ["cluster", "cert"] => new HelpRequest(Palette, null, options),
        [RequestParser.Help, ..] => RequestParser.Parse(Own, [RequestParser.Help, Palette.Name, .. words.Skip(3)], options),
        _ => RequestParser.Parse(Own, [Palette.Name, .. words.Skip(2)], options),
    };

    /// <summary>Runs a line of words.</summary>
    public static void Run(IReadOnlyList<string> words, ClientOptions options, Screen screen, TimeProvider time)
    {
        Request request = Parse(words, options);
        if (request is not Call call)
        {
            screen.WriteLine(HelpText.For(Own, (HelpRequest)request));
            return;
        }

        DateTimeOffset now = time.GetUtcNow();
        Answer answer = call.Command.Name switch
        {
            "ca" => MakeAuthority(call, now),
            "node" => MakeNode(call, now),
            _ => Show(call.Arguments[Files.Name], now),
        };
        screen.Write(answer, call.Options.Output);
    }

    private static Answer MakeAuthority(Call call, DateTimeOffset now)
    {
        string name = call.Arguments["name"][0];
        if (name.Length is 0 or > LongestName || !name.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-'))
        {
            throw PbmException.Usage(
                "bad-value", $"--name cannot be '{name}'.", $"It has 1 to {LongestName} characters of a-z, 0-9 and \"-\".");
        }

        var folder = new CertificateFolder(call.Arguments[Out.Name][0]);
        IssuedCertificate made = CertificateIssuer.Authority(name, Days(call, 3650), now);
        folder.Write(
            call.Arguments.ContainsKey(Force.Name),
            (CertificateFolder.AuthorityKeyFile, made.Key, true),
            (CertificateFolder.AuthorityFile, made.Certificate, false));
        return Made(
            folder, CertificateFolder.AuthorityFile, now,
            $"Made an authority of cluster {name}. Keep {folder.PathOf(CertificateFolder.AuthorityKeyFile)} off the nodes: who has it can make nodes.");
    }

    private static Answer MakeNode(Call call, DateTimeOffset now)
    {
        IPAddress[] hosts = [.. call.Arguments["host"].Select(Host)];
        using X509Certificate2 authority = new CertificateFolder(call.Arguments["ca"][0]).ReadAuthority();
        if (authority.NotAfter.ToUniversalTime() <= now.UtcDateTime)
        {
            throw PbmException.Failed(
                "expired", $"The authority has expired at {Text(authority.NotAfter)}.",
                "Make a new one with 'pbm cluster cert ca', and certificates for all nodes by it.");
        }

        string cluster = ClusterOf(authority) ?? throw PbmException.Failed(
            "no-authority", "The authority's certificate names no cluster as its organisation (O).",
            "Make one with 'pbm cluster cert ca'.");
        var folder = new CertificateFolder(call.Arguments[Out.Name][0]);
        IssuedCertificate made = CertificateIssuer.Node(authority, cluster, hosts, Days(call, 365), now);
        folder.Write(
            call.Arguments.ContainsKey(Force.Name),
            (CertificateFolder.NodeKeyFile, made.Key, true),
            (CertificateFolder.NodeFile, made.Certificate, false),
            (CertificateFolder.AuthorityFile, authority.ExportCertificatePem(), false));
        return Made(
            folder, CertificateFolder.NodeFile, now,
            $"Made a certificate of node {string.Join(", ", hosts.AsEnumerable())} of cluster {cluster}. lb.cluster.tls is to name "
            + $"{CertificateFolder.AuthorityFile}, {CertificateFolder.NodeFile} and {CertificateFolder.NodeKeyFile}, and lbd to be able to read them.");
    }

    private static Answer Made(CertificateFolder folder, string file, DateTimeOffset now, string message)
    {
        Answer shown = Show([folder.PathOf(file)], now);
        return shown with { Message = message, Count = null };
    }

    private static Answer Show(IReadOnlyList<string> files, DateTimeOffset now)
    {
        List<string?[]> rows = [];
        foreach (string file in files)
        {
            foreach (X509Certificate2 certificate in CertificateFolder.ReadFile(file))
            {
                using (certificate)
                {
                    rows.Add(
                    [
                        file, certificate.Subject, string.Join(", ", HostsOf(certificate)), certificate.Issuer,
                        Text(certificate.NotBefore), Text(certificate.NotAfter), Left(certificate, now),
                    ]);
                }
            }
        }

        Column[] columns =
        [
            new("file", "File"), new("subject", "Subject"), new("hosts", "Hosts"), new("issuer", "Issuer"),
            new("from", "From"), new("until", "Until"), new("state", "State"),
        ];
        IEnumerable<Dictionary<string, string?>> data = rows.Select(
            row => columns.Select((column, i) => (column.Name, Value: row[i])).ToDictionary(cell => cell.Name, cell => cell.Value));
        return new Answer(
            null, columns, rows, rows.Count == 1 ? "1 certificate" : $"{rows.Count} certificates",
            JsonSerializer.SerializeToElement([.. data], PbmJson.Default.DictionaryStringStringArray));
    }

    private static IPAddress Host(string text) =>
        IPAddress.TryParse(text, out IPAddress? address) && !address.IsIPv4MappedToIPv6
        && (address.AddressFamily == AddressFamily.InterNetworkV6 ? !text.Contains('[') && !text.Contains('%') : $"{address}" == text)
        && !address.Equals(IPAddress.Any) && !address.Equals(IPAddress.IPv6Any)
            ? address
            : throw PbmException.Usage(
                "bad-value", $"--host cannot be '{text}'.", "Write the node's IP address, as in 10.0.0.1 or fd00::1.");

    private static TimeSpan Days(Call call, int usual)
    {
        string? text = call.Arguments.TryGetValue("days", out IReadOnlyList<string>? given) ? given[0] : null;
        return text is null ? TimeSpan.FromDays(usual)
            : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int days) && days is > 0 and <= MostDays
            ? TimeSpan.FromDays(days)
            : throw PbmException.Usage("bad-value", $"--days cannot be '{text}'.", $"Write a number from 1 to {MostDays}.");
    }

    private static string? ClusterOf(X509Certificate2 certificate) => certificate.SubjectName
        .EnumerateRelativeDistinguishedNames()
        .Where(part => !part.HasMultipleElements && part.GetSingleElementType().Value == "2.5.4.10")
        .Select(part => part.GetSingleElementValue())
        .SingleOrDefault();

    private static IEnumerable<IPAddress> HostsOf(X509Certificate2 certificate)
    {
        try
        {
            return [.. certificate.Extensions.OfType<X509SubjectAlternativeNameExtension>().SelectMany(names => names.EnumerateIPAddresses())];
        }
        catch (AsnContentException)
        {
            return [];
        }
    }

    private static string Left(X509Certificate2 certificate, DateTimeOffset now)
    {
        TimeSpan left = certificate.NotAfter.ToUniversalTime() - now.UtcDateTime;
        return left <= TimeSpan.Zero ? "expired"
            : certificate.NotBefore.ToUniversalTime() > now.UtcDateTime ? "not yet valid"
            : left < TimeSpan.FromDays(2) ? $"{left.TotalHours:0} hours left"
            : $"{left.TotalDays:0} days left";
    }

    private static string Text(DateTime time) =>
        time.ToUniversalTime().ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
