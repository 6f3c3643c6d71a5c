/**
 * Every resource type that EC2 can tag (the `ResourceType` of its API), and the cheapest way to list all of them, tagged or not.
 *
 * - `Describe…`: the operation without that word; `-` where listing needs a parent or no operation exists: DescribeTags then.
 * - `list`: the path of the list in the reply, `=` when it is the operation's name. `id`: the member that identifies an item.
 * - `prefix`: what ids begin with, before the dash; `-` where that is not known.
 * - `created`: the member that says when it came to be. `page`: the largest MaxResults the API reference allows; `-` = no paging.
 * - `byId`: there is a filter named like the id (`instance-id`), which passes over ids that do not exist.
 *
 * https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_Operations.html; a test holds it against the service model.
 */
export const RESOURCE_TYPE_TABLE = `
type                                       Describe…                               list                                   id                                       prefix                created            page  byId
application-status-check                   ApplicationStatusChecks                 =                                      ApplicationStatusCheckId                 -                     CreationTime       100   no
capacity-block                             CapacityBlocks                          =                                      CapacityBlockId                          cb                    CreateDate         1000  yes
capacity-manager-data-export               CapacityManagerDataExports              =                                      CapacityManagerDataExportId              -                     CreateTime         1000  no
capacity-reservation                       CapacityReservations                    =                                      CapacityReservationId                    cr                    CreateDate         1000  no
capacity-reservation-cancellation-quote    CapacityReservationCancellationQuotes   =                                      CapacityReservationCancellationQuoteId   -                     CreateTime         100   no
capacity-reservation-fleet                 CapacityReservationFleets               =                                      CapacityReservationFleetId               crf                   CreateTime         100   no
capacity-reservation-modification-quote    CapacityReservationDateChangeQuotes     CapacityReservationModificationQuotes  CapacityReservationModificationQuoteId   -                     CreateTime         100   no
carrier-gateway                            CarrierGateways                         =                                      CarrierGatewayId                         cagw                  -                  1000  yes
client-vpn-endpoint                        ClientVpnEndpoints                      =                                      ClientVpnEndpointId                      cvpn-endpoint         CreationTime       1000  no
coip-pool                                  CoipPools                               =                                      PoolId                                   ipv4pool-coip         -                  1000  no
customer-gateway                           CustomerGateways                        =                                      CustomerGatewayId                        cgw                   -                  -     yes
declarative-policies-report                DeclarativePoliciesReports              Reports                                ReportId                                 -                     StartTime          1000  no
dedicated-host                             Hosts                                   =                                      HostId                                   h                     AllocationTime     500   no
dhcp-options                               DhcpOptions                             =                                      DhcpOptionsId                            dopt                  -                  1000  yes
egress-only-internet-gateway               EgressOnlyInternetGateways              =                                      EgressOnlyInternetGatewayId              eigw                  -                  255   no
elastic-gpu                                ElasticGpus                             ElasticGpuSet                          ElasticGpuId                             egpu                  -                  1000  no
elastic-ip                                 Addresses                               =                                      AllocationId                             eipalloc              -                  -     yes
export-image-task                          ExportImageTasks                        =                                      ExportImageTaskId                        export-ami            -                  500   no
export-instance-task                       ExportTasks                             =                                      ExportTaskId                             export-i              -                  -     no
fca-policy                                 NetworkingFlexCostAllocationPolicies    FlexCostAllocationPolicies             FcaPolicyId                              -                     -                  100   no
fleet                                      Fleets                                  =                                      FleetId                                  fleet                 CreateTime         1000  no
fpga-image                                 FpgaImages                              =                                      FpgaImageId                              afi                   CreateTime         1000  yes
host-reservation                           HostReservations                        HostReservationSet                     HostReservationId                        hr                    Start              500   no
image                                      Images                                  =                                      ImageId                                  ami                   CreationDate       1000  yes
image-usage-report                         ImageUsageReports                       =                                      ReportId                                 -                     CreationTime       1000  no
import-image-task                          ImportImageTasks                        =                                      ImportTaskId                             import-ami            -                  500   no
import-snapshot-task                       ImportSnapshotTasks                     =                                      ImportTaskId                             import-snap           -                  500   no
instance                                   Instances                               Reservations.Instances                 InstanceId                               i                     LaunchTime         1000  yes
instance-connect-endpoint                  InstanceConnectEndpoints                =                                      InstanceConnectEndpointId                eice                  CreatedAt          50    yes
instance-event-window                      InstanceEventWindows                    =                                      InstanceEventWindowId                    iew                   -                  500   no
internet-gateway                           InternetGateways                        =                                      InternetGatewayId                        igw                   -                  1000  yes
ipam                                       Ipams                                   =                                      IpamId                                   ipam                  -                  1000  no
ipam-external-resource-verification-token  IpamExternalResourceVerificationTokens  =                                      IpamExternalResourceVerificationTokenId  -                     -                  1000  no
ipam-internet-registry-association         IpamInternetRegistryAssociations        =                                      IpamInternetRegistryAssociationId        -                     -                  100   no
ipam-policy                                IpamPolicies                            =                                      IpamPolicyId                             -                     -                  1000  no
ipam-pool                                  IpamPools                               =                                      IpamPoolId                               ipam-pool             -                  1000  no
ipam-pool-allocation                       IpamPoolAllocations                     =                                      IpamPoolAllocationId                     ipam-pool-alloc       -                  1000  no
ipam-prefix-list-resolver                  IpamPrefixListResolvers                 =                                      IpamPrefixListResolverId                 -                     -                  1000  no
ipam-prefix-list-resolver-target           IpamPrefixListResolverTargets           =                                      IpamPrefixListResolverTargetId           -                     -                  1000  no
ipam-resource-discovery                    IpamResourceDiscoveries                 =                                      IpamResourceDiscoveryId                  ipam-res-disco        -                  1000  no
ipam-resource-discovery-association        IpamResourceDiscoveryAssociations       =                                      IpamResourceDiscoveryAssociationId       ipam-res-disco-assoc  -                  1000  no
ipam-scope                                 IpamScopes                              =                                      IpamScopeId                              ipam-scope            -                  1000  no
ipv4pool-ec2                               PublicIpv4Pools                         =                                      PoolId                                   ipv4pool-ec2          -                  10    no
ipv6pool-ec2                               Ipv6Pools                               =                                      PoolId                                   ipv6pool-ec2          -                  1000  no
key-pair                                   KeyPairs                                =                                      KeyPairId                                key                   CreateTime         -     yes
launch-template                            LaunchTemplates                         =                                      LaunchTemplateId                         lt                    CreateTime         200   no
local-gateway                              LocalGateways                           =                                      LocalGatewayId                           lgw                   -                  1000  yes
local-gateway-route-table                  LocalGatewayRouteTables                 =                                      LocalGatewayRouteTableId                 lgw-rtb               -                  1000  yes
local-gateway-route-table-virtual-interface-group-association  LocalGatewayRouteTableVirtualInterfaceGroupAssociations  =                                      LocalGatewayRouteTableVirtualInterfaceGroupAssociationId  lgw-vif-grp-assoc     -                  1000  yes
local-gateway-route-table-vpc-association  LocalGatewayRouteTableVpcAssociations   =                                      LocalGatewayRouteTableVpcAssociationId   lgw-vpc-assoc         -                  1000  yes
local-gateway-virtual-interface            LocalGatewayVirtualInterfaces           =                                      LocalGatewayVirtualInterfaceId           lgw-vif               -                  1000  yes
local-gateway-virtual-interface-group      LocalGatewayVirtualInterfaceGroups      =                                      LocalGatewayVirtualInterfaceGroupId      lgw-vif-grp           -                  1000  yes
mac-modification-task                      MacModificationTasks                    =                                      MacModificationTaskId                    -                     StartTime          500   no
metric-category                            MetricCategories                        =                                      MetricCategoryId                         -                     -                  100   no
natgateway                                 NatGateways                             =                                      NatGatewayId                             nat                   CreateTime         1000  yes
network-acl                                NetworkAcls                             =                                      NetworkAclId                             acl                   -                  1000  yes
network-insights-access-scope              NetworkInsightsAccessScopes             =                                      NetworkInsightsAccessScopeId             nis                   CreatedDate        100   no
network-insights-access-scope-analysis     NetworkInsightsAccessScopeAnalyses      =                                      NetworkInsightsAccessScopeAnalysisId     nisa                  StartDate          100   no
network-insights-analysis                  NetworkInsightsAnalyses                 =                                      NetworkInsightsAnalysisId                nia                   StartDate          100   no
network-insights-path                      NetworkInsightsPaths                    =                                      NetworkInsightsPathId                    nip                   CreatedDate        100   no
network-interface                          NetworkInterfaces                       =                                      NetworkInterfaceId                       eni                   -                  1000  yes
outpost-lag                                OutpostLags                             =                                      OutpostLagId                             -                     -                  1000  yes
placement-group                            PlacementGroups                         =                                      GroupId                                  pg                    -                  -     no
prefix-list                                ManagedPrefixLists                      PrefixLists                            PrefixListId                             pl                    -                  100   yes
replace-root-volume-task                   ReplaceRootVolumeTasks                  =                                      ReplaceRootVolumeTaskId                  replacevol            StartTime          50    no
reserved-instances                         ReservedInstances                       =                                      ReservedInstancesId                      -                     Start              -     yes
route-server                               RouteServers                            =                                      RouteServerId                            rs                    -                  1000  no
route-server-endpoint                      RouteServerEndpoints                    =                                      RouteServerEndpointId                    rse                   -                  1000  no
route-server-peer                          RouteServerPeers                        =                                      RouteServerPeerId                        rsp                   -                  1000  no
route-table                                RouteTables                             =                                      RouteTableId                             rtb                   -                  100   yes
secondary-interface                        SecondaryInterfaces                     =                                      SecondaryInterfaceId                     -                     -                  1000  yes
secondary-network                          SecondaryNetworks                       =                                      SecondaryNetworkId                       -                     -                  1000  yes
secondary-subnet                           SecondarySubnets                        =                                      SecondarySubnetId                        -                     -                  1000  yes
security-group                             SecurityGroups                          =                                      GroupId                                  sg                    -                  1000  yes
security-group-rule                        SecurityGroupRules                      =                                      SecurityGroupRuleId                      sgr                   -                  1000  yes
service-link-virtual-interface             ServiceLinkVirtualInterfaces            =                                      ServiceLinkVirtualInterfaceId            -                     -                  1000  yes
snapshot                                   Snapshots                               =                                      SnapshotId                               snap                  StartTime          1000  yes
spot-fleet-request                         SpotFleetRequests                       SpotFleetRequestConfigs                SpotFleetRequestId                       sfr                   CreateTime         1000  no
spot-instances-request                     SpotInstanceRequests                    =                                      SpotInstanceRequestId                    sir                   CreateTime         1000  yes
subnet                                     Subnets                                 =                                      SubnetId                                 subnet                -                  1000  yes
subnet-cidr-reservation                    -                                       -                                      -                                        scr                   -                  -     -
traffic-mirror-filter                      TrafficMirrorFilters                    =                                      TrafficMirrorFilterId                    tmf                   -                  1000  no
traffic-mirror-filter-rule                 TrafficMirrorFilterRules                =                                      TrafficMirrorFilterRuleId                tmfr                  -                  1000  no
traffic-mirror-session                     TrafficMirrorSessions                   =                                      TrafficMirrorSessionId                   tms                   -                  1000  no
traffic-mirror-target                      TrafficMirrorTargets                    =                                      TrafficMirrorTargetId                    tmt                   -                  1000  no
transit-gateway                            TransitGateways                         =                                      TransitGatewayId                         tgw                   CreationTime       1000  yes
transit-gateway-attachment                 TransitGatewayAttachments               =                                      TransitGatewayAttachmentId               tgw-attach            CreationTime       1000  yes
transit-gateway-connect-peer               TransitGatewayConnectPeers              =                                      TransitGatewayConnectPeerId              tgw-connect-peer      CreationTime       1000  yes
transit-gateway-metering-policy            TransitGatewayMeteringPolicies          =                                      TransitGatewayMeteringPolicyId           -                     -                  1000  no
transit-gateway-multicast-domain           TransitGatewayMulticastDomains          =                                      TransitGatewayMulticastDomainId          tgw-mcast-domain      CreationTime       1000  yes
transit-gateway-policy-table               TransitGatewayPolicyTables              =                                      TransitGatewayPolicyTableId              tgw-ptb               CreationTime       1000  no
transit-gateway-route-table                TransitGatewayRouteTables               =                                      TransitGatewayRouteTableId               tgw-rtb               CreationTime       1000  yes
transit-gateway-route-table-announcement   TransitGatewayRouteTableAnnouncements   =                                      TransitGatewayRouteTableAnnouncementId   -                     CreationTime       1000  no
verified-access-endpoint                   VerifiedAccessEndpoints                 =                                      VerifiedAccessEndpointId                 vae                   CreationTime       1000  no
verified-access-endpoint-target            -                                       -                                      -                                        -                     -                  -     -
verified-access-group                      VerifiedAccessGroups                    =                                      VerifiedAccessGroupId                    vagr                  CreationTime       1000  no
verified-access-instance                   VerifiedAccessInstances                 =                                      VerifiedAccessInstanceId                 vai                   CreationTime       200   no
verified-access-policy                     -                                       -                                      -                                        -                     -                  -     -
verified-access-trust-provider             VerifiedAccessTrustProviders            =                                      VerifiedAccessTrustProviderId            vatp                  CreationTime       200   no
volume                                     Volumes                                 =                                      VolumeId                                 vol                   CreateTime         1000  yes
vpc                                        Vpcs                                    =                                      VpcId                                    vpc                   -                  1000  yes
vpc-block-public-access-exclusion          VpcBlockPublicAccessExclusions          =                                      ExclusionId                              -                     CreationTimestamp  1000  no
vpc-encryption-control                     VpcEncryptionControls                   =                                      VpcEncryptionControlId                   -                     -                  1000  no
vpc-endpoint                               VpcEndpoints                            =                                      VpcEndpointId                            vpce                  CreationTimestamp  1000  yes
vpc-endpoint-connection                    VpcEndpointConnections                  =                                      VpcEndpointConnectionId                  -                     CreationTimestamp  1000  no
vpc-endpoint-connection-device-type        -                                       -                                      -                                        -                     -                  -     -
vpc-endpoint-service                       VpcEndpointServiceConfigurations        ServiceConfigurations                  ServiceId                                vpce-svc              -                  1000  yes
vpc-endpoint-service-permission            -                                       -                                      -                                        -                     -                  -     -
vpc-flow-log                               FlowLogs                                =                                      FlowLogId                                fl                    CreationTime       1000  yes
vpc-peering-connection                     VpcPeeringConnections                   =                                      VpcPeeringConnectionId                   pcx                   -                  1000  yes
vpn-concentrator                           VpnConcentrators                        =                                      VpnConcentratorId                        -                     -                  1000  no
vpn-connection                             VpnConnections                          =                                      VpnConnectionId                          vpn                   -                  -     yes
vpn-connection-device-type                 -                                       -                                      -                                        -                     -                  -     -
vpn-gateway                                VpnGateways                             =                                      VpnGatewayId                             vgw                   -                  -     yes
`;
