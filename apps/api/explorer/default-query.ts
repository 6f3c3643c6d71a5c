/** What the explorer starts with: the worst open findings, and where they are. */
export const defaultQuery = `# 1. Put your token into "Headers" below.
# 2. Reload the schema: the round arrows.
query OpenFindings {
  findings(
    filter: { states: [OPEN] }
    orderBy: SEVERITY_DESC
    first: 20
  ) {
    totalCount
    edges {
      node {
        severity
        rulePack
        ruleId
        resource
        tag
        value
        message
        suggestion
        target {
          name
          platform
          hygieneScore
        }
      }
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}
`;
